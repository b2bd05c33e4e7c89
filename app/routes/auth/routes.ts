import { type RouteConfigEntry, route } from '@remix-run/route-config'

export const auth: RouteConfigEntry[] = [
  route('sign-up', 'routes/auth/sign-up.tsx'),
  route('check-mail', 'routes/auth/check-mail.tsx'),
  route('verify-email', 'routes/auth/verify-email.tsx'),
  route('sign-in', 'routes/auth/sign-in.tsx'),
  route('sign-out', 'routes/auth/sign-out.ts'),
  route('forgot-password', 'routes/auth/forgot-password.tsx'),
  route('reset-password', 'routes/auth/reset-password.tsx'),
  route('set-up', 'routes/auth/set-up.tsx'),
  route('theme', 'routes/auth/theme.ts'),
]
