/// <reference path="./vendor.d.ts" />
/**
 * The web's part of the runtime: a bundle of its own, evaluated in an isolate
 * when something in it is first used.
 */
import 'core-js/actual/atob.js'
import 'core-js/actual/btoa.js'
import 'core-js/web/dom-exception.js'
import 'core-js/web/url.js'
import 'core-js/web/url-search-params.js'
import 'core-js/web/structured-clone.js'
import 'fast-text-encoding'
import { Event, EventTarget } from 'event-target-shim'
import { AbortController, AbortSignal } from './abort.ts'
import type { Channel } from './channel.ts'
import { createCrypto } from './crypto.ts'
import { createFetch, Headers, Request, Response } from './fetch.ts'
import { toGuestRequest, toHttpAnswer } from './http.ts'

/** What the polyfills define by themselves, and what is ours; and the shapes of web requests. */
export function openWeb(channel: Channel) {
  const { DOMException, TextDecoder, TextEncoder, URL, URLSearchParams, atob, btoa, structuredClone } =
    globalThis
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
  Reflect.deleteProperty(globalThis, '__core-js_shared__')
  return { globals, toGuestRequest, toHttpAnswer }
}
