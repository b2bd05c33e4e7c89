import { index, type RouteConfigEntry, route } from '@remix-run/route-config'

export const open: RouteConfigEntry[] = [
  index('routes/public/landing.tsx'),
  route('v/:publicId', 'routes/public/record.tsx'),
  route('.well-known/fairframe-provenance.pem', 'routes/public/certificate.ts'),
  route('.well-known/security.txt', 'routes/public/security-txt.ts'),
  route('robots.txt', 'routes/public/robots-txt.ts'),
  route('*', 'routes/public/not-found.tsx'),
]
