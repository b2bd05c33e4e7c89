import { join } from 'node:path'
import { pageLoader } from '#app/http/page.ts'
import { readRootCertificate } from '#compliance/provenance/authority.ts'
import { absentFile } from './absent-file.ts'

/** The certificate that vouches for every video of this server, to be given to C2PA tools as trusted. */
export const loader = pageLoader('anyone', async ({ house }) => {
  const pem = await readRootCertificate(join(house.config.dataDir, 'provenance'))
  if (!pem) return absentFile()
  return new Response(pem, { headers: { 'Content-Type': 'application/x-pem-file' } })
})
