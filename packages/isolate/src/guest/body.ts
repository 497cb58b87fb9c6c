/** Bytes and the content type a body implies. */
export interface ReadBody {
  readonly bytes: ArrayBuffer | undefined
  readonly type: string | undefined
}

/** Reads what `fetch`, `Request` and `Response` take as a body. */
export function readBody(body: unknown): ReadBody {
  if (body === undefined || body === null) return { bytes: undefined, type: undefined }
  if (body instanceof ArrayBuffer) return { bytes: body.slice(0), type: undefined }
  if (ArrayBuffer.isView(body)) {
    const copy = new Uint8Array(body.byteLength)
    copy.set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength))
    return { bytes: copy.buffer, type: undefined }
  }
  const text = String(body)
  return {
    bytes: encode(text),
    type:
      body instanceof URLSearchParams
        ? 'application/x-www-form-urlencoded;charset=UTF-8'
        : 'text/plain;charset=UTF-8',
  }
}

/** The reading half that requests and responses share. */
export class Body {
  #bytes: ArrayBuffer | undefined
  #used = false

  constructor(bytes: ArrayBuffer | undefined) {
    this.#bytes = bytes
  }

  /** Bodies are read whole: there is no stream to hand out. */
  get body(): null {
    return null
  }

  get bodyUsed(): boolean {
    return this.#used
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#take().slice(0)
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(this.#take().slice(0))
  }

  async text(): Promise<string> {
    return decode(this.#take())
  }

  async json(): Promise<unknown> {
    return JSON.parse(decode(this.#take()))
  }

  /** The bytes without marking the body as read, for copies. */
  static peek(body: Body): ArrayBuffer | undefined {
    if (body.#used) throw new TypeError('The body was read already')
    return body.#bytes
  }

  #take(): ArrayBuffer {
    if (this.#used) throw new TypeError('The body was read already')
    if (this.#bytes !== undefined) this.#used = true
    return this.#bytes ?? new ArrayBuffer(0)
  }
}

function encode(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

function decode(bytes: ArrayBuffer): string {
  return new TextDecoder().decode(new Uint8Array(bytes))
}
