import { expect, it } from 'vitest'
import { isPublicAddress } from './address.ts'

it.each(['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '::ffff:1.1.1.1'])(
  'calls %s public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

it.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::127.0.0.1',
  '::1.1.1.1',
  '64:ff9b::101:101',
  '64:ff9b:1::101:101',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:101:101::1',
  '3fff::1',
  'fc00::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '',
  'example.com',
  '127.0.0.1:80',
])('does not call %s public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})
