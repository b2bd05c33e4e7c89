/**
 * Which addresses lie on the public internet, and a socket's `lookup` that lets it reach no other. The check stands inside
 * the lookup, for a name asked twice may answer twice differently (DNS rebinding): what is checked is what is connected to.
 */
import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Turns a name into addresses; rejects where there are none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true })

/** `public`: the world only. `listed`: the operator named this host, so it may also be in the house. */
export type Reach = 'public' | 'listed'

/** In the house, reachable for hosts that the operator lists: this machine and private networks (RFC 1918, 4193, 6598). */
const house = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** The only part of IPv6 that is handed out (IANA, 2000::/3); ::/96 and other leftovers pass for unicast elsewhere. */
const handedOut = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * May a socket connect to this address? Everything special is refused: loopback, private, link-local with the clouds'
 * metadata service (169.254.169.254), carrier-grade NAT, multicast, reserved, and what wraps an IPv4 address (64:ff9b::/96,
 * 6to4, Teredo); a mapped one (::ffff:0:0/96) counts as what it maps.
 */
export function mayReach(address: string, reach: Reach): boolean {
  if (isIP(address) === 0) return false
  const ip = ipaddr.process(address)
  const range = ip.range()
  if (range === 'unicast') return ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).match(handedOut)
  return reach === 'listed' && house.has(range)
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/**
 * A `lookup` for node:net. One address that may not be reached refuses them all: a name that answers with both the world
 * and this house was made for it.
 */
export function guardedLookup(resolve: Resolve, reach: Reach): LookupFunction {
  return (host, options, callback) => {
    guarded(resolve, reach, host, options).then(
      (found) => {
        const [first] = found
        if (options.all) (callback as (error: null, all: LookupAddress[]) => void)(null, found)
        else callback(null, first?.address ?? '', first?.family)
      },
      (error: Error) => callback(error, '', 0),
    )
  }
}

async function guarded(
  resolve: Resolve,
  reach: Reach,
  host: string,
  { family }: LookupOptions,
): Promise<LookupAddress[]> {
  const all = await resolve(host)
  for (const { address } of all) {
    if (!mayReach(address, reach))
      throw new AddressRefused('the name leads to an address that may not be reached')
  }
  const wanted = all.filter((found) => !family || found.family === family)
  if (wanted.length === 0) throw new AddressRefused('the name leads to no address')
  return wanted
}
