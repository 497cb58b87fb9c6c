import type { FeedFrame } from '@mortise/contract'
import type { FeedListener } from './backend.ts'

/** The server sends a heartbeat every 15 s; a line silent for longer than this is dead. */
const silenceMs = 40_000
const firstRetryMs = 500
const lastRetryMs = 15_000

/**
 * Follows the event feed over a WebSocket. A lost line is opened again with the
 * cursor of the last event, so that none is missed, after a wait that doubles.
 *
 * @param after - Cursor of the last event that what was read before already holds. Without it the first
 *   connection is a gap: nobody knows what happened until then.
 */
export function followFeed(url: string, listener: FeedListener, after?: string): () => void {
  let cursor = after
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let retryMs = firstRetryMs
  let stopped = false

  const connect = () => {
    const after = cursor === undefined ? '' : `&after=${encodeURIComponent(cursor)}`
    const line = new WebSocket(`${url}?contacts=true${after}`)
    socket = line
    watch()
    line.onmessage = ({ data }) => {
      if (stopped || socket !== line) return
      watch()
      const frame = readFrame(data)
      if (frame) take(frame)
    }
    line.onclose = () => {
      if (!stopped && socket === line) retry()
    }
  }

  const take = (frame: FeedFrame) => {
    switch (frame.type) {
      case 'hello':
        retryMs = firstRetryMs
        listener.onConnection('online')
        if (cursor === undefined) {
          cursor = frame.cursor
          listener.onGap()
        }
        return
      case 'event':
        cursor = frame.cursor
        listener.onEvent(frame.cursor, frame.event)
        return
      case 'snapshot_required':
        cursor = frame.cursor
        listener.onGap()
        return
      case 'contacts':
        listener.onContacts(frame.contacts)
        return
      case 'heartbeat':
      case 'error':
        return
      default:
        frame satisfies never
    }
  }

  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(retry, silenceMs)
  }

  const retry = () => {
    clearTimeout(timer)
    const dead = socket
    socket = undefined
    dead?.close()
    // Stays so until the line is back: a shell shows one change, not one for each try.
    listener.onConnection('offline')
    timer = setTimeout(connect, retryMs)
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  listener.onConnection('connecting')
  connect()
  return () => {
    stopped = true
    clearTimeout(timer)
    socket?.close()
  }
}

function readFrame(data: unknown): FeedFrame | undefined {
  try {
    return JSON.parse(String(data)) as FeedFrame
  } catch {
    return undefined
  }
}
