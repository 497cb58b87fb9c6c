import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port that nothing listens on, for servers that have to know their address before they start. */
export async function freePort(): Promise<number> {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  await new Promise((resolve) => holder.close(resolve))
  return port
}
