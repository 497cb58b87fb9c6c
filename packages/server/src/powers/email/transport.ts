import type { EmailMessage } from '@mortise/contract'
import { createTransport } from 'nodemailer'

/** Where email leaves from. */
export interface EmailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`. Never logged. */
  readonly smtpUrl: string
  /** Address that every message comes from. */
  readonly from: string
}

/** One message with all that the backend decides about it. */
export interface Outgoing {
  readonly id: string
  readonly plugin: string
  /** Shown as the sender's name. */
  readonly senderName: string
  readonly message: EmailMessage
}

export interface EmailTransport {
  /** @throws What the mail server or the network said. */
  send(mail: Outgoing): Promise<void>
  close(): void
}

const connectMs = 10_000

/** Sends through a mail server. */
export function createEmailTransport({ smtpUrl, from }: EmailSettings): EmailTransport {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: 2 * connectMs,
    // A message can name files and addresses to attach. Ours never mean that.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    async send({ id, plugin, senderName, message }) {
      const { to, cc, bcc, replyTo, subject, text, html, attachments = [] } = message
      await transport.sendMail({
        // A name is chosen by the plugin's author: it must not read like an address.
        from: { name: senderName.replace(/[^\p{L}\p{N}.'-]+/gu, ' ').trim(), address: from },
        to: [...to],
        cc: [...cc],
        bcc: [...bcc],
        replyTo,
        subject,
        text,
        html,
        attachments: attachments.map(({ filename, content, encoding, contentType }) => ({
          filename,
          content: Buffer.from(content, encoding ?? 'utf8'),
          contentType,
        })),
        messageId: `<${id}@${domain}>`,
        headers: { 'X-Mortise-Plugin': plugin, 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    },
    close: () => transport.close(),
  }
}
