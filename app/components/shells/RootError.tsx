import { isRouteErrorResponse, useRouteError } from '@remix-run/react'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { Logo } from '#app/components/ui/Logo.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Sentence } from '#core/i18n/say.ts'
import { say } from '#core/i18n/say.ts'

/** What a thrown answer carries in its body when it wants to say more than its status does. */
export interface ErrorBody {
  sentence?: Sentence
  traceId?: string
}

/** When a page cannot be shown: what happened, what it means, where to go, and under what to ask. */
export function RootError({
  siteName,
  traceId,
}: {
  siteName?: string | undefined
  traceId?: string | undefined
}) {
  const { t } = useI18n()
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto grid min-h-dvh max-w-[560px] content-center gap-6 px-6 py-16 outline-none"
    >
      <a href="/" aria-label={siteName ?? t('Start page')} className="w-fit">
        <Logo size={32} />
      </a>
      <ErrorWords traceId={traceId} />
    </main>
  )
}

/** The same inside a shell, for a part's own ErrorBoundary. */
export function ErrorWords({ traceId }: { traceId?: string | undefined }) {
  const { t } = useI18n()
  const { status, body } = whatHappened(useRouteError())
  const { title, text } = words[status] ?? words[500]
  const trace = body.traceId ?? traceId
  return (
    <div className="grid gap-4">
      <h1 className="text-balance font-serif text-xl">{t(title)}</h1>
      <p className="prose-measure text-ink-2">{t(body.sentence ?? text)}</p>
      <div className="flex flex-wrap gap-2">
        <LinkButton to="/" reloadDocument look="primary">
          {t('Go to the start')}
        </LinkButton>
        <LinkButton to="" reloadDocument>
          {t('Try again')}
        </LinkButton>
      </div>
      {trace && (
        <p className="text-ink-3 text-xs" suppressHydrationWarning>
          {t('If you ask us about it, give this number:')} <code className="font-mono">{trace}</code>
        </p>
      )}
    </div>
  )
}

type Known = 400 | 401 | 403 | 404 | 410 | 413 | 429 | 500 | 503

const words: Record<Known, { title: Sentence; text: Sentence }> &
  Partial<Record<number, { title: Sentence; text: Sentence }>> = {
  400: {
    title: say('That did not arrive as it should'),
    text: say('Nothing was changed. Go back, reload the page and try again.'),
  },
  401: { title: say('Please sign in'), text: say('This page needs to know who you are.') },
  403: {
    title: say('This is not yours to open'),
    text: say('Your account may not do this. Whoever runs this service can change that.'),
  },
  404: {
    title: say('There is nothing here'),
    text: say('The address may be mistyped, or what was here has been removed.'),
  },
  410: { title: say('This is gone'), text: say('It was here, and has been removed for good.') },
  413: { title: say('That is too large'), text: say('Nothing was kept of it. Choose a smaller file.') },
  429: {
    title: say('A little slower, please'),
    text: say('Too much came at once. Wait a minute and try again.'),
  },
  500: {
    title: say('Something broke on our side'),
    text: say(
      'It is written down for whoever runs this service. What you had saved is still there; try again in a moment.',
    ),
  },
  503: {
    title: say('We are away for a moment'),
    text: say(
      'The service is being looked after. What you had saved is still there; try again in a few minutes.',
    ),
  },
}

function whatHappened(error: unknown): { status: number; body: ErrorBody } {
  if (!isRouteErrorResponse(error)) return { status: 500, body: {} }
  const body = typeof error.data === 'object' && error.data !== null ? (error.data as ErrorBody) : {}
  return { status: error.status, body }
}
