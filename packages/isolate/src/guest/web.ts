/**
 * The web's part of the runtime: a bundle of its own, evaluated in an isolate
 * when something in it is first used.
 */
import 'fast-text-encoding'
import { AbortController, AbortSignal } from './abort.ts'
import { atob, btoa } from './base64.ts'
import type { Channel } from './channel.ts'
import { createCrypto } from './crypto.ts'
import { DOMException } from './dom-exception.ts'
import { Event, EventTarget } from './event-target.ts'
import { createFetch, Headers, Request, Response } from './fetch.ts'
import { toGuestRequest, toHttpAnswer } from './http.ts'
import { structuredClone } from './structured-clone.ts'
import { createUrl } from './url.ts'

/** What a polyfill defines by itself, and what is ours; and the shapes of web requests. */
export function openWeb(channel: Channel) {
  const { TextDecoder, TextEncoder } = globalThis
  const { URL, URLSearchParams } = createUrl(channel.powers.url)
  const globals: Readonly<Record<string, unknown>> = {
    AbortController,
    AbortSignal,
    DOMException,
    Event,
    EventTarget,
    Headers,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    atob,
    btoa,
    crypto: createCrypto(channel.powers),
    fetch: createFetch(channel),
    structuredClone,
  }
  return { globals, toGuestRequest, toHttpAnswer }
}
