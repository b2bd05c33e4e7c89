import { type MetaFunction, useLoaderData } from '@remix-run/react'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Cpu from 'lucide-react/icons/cpu'
import FileCheck from 'lucide-react/icons/file-check'
import Stamp from 'lucide-react/icons/stamp'
import { Fact } from '#app/components/account/Fact.tsx'
import { titled } from '#app/components/account/titled.ts'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList } from '#app/components/ui/Panel.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { siteSettings } from '#app/settings.ts'
import { say } from '#core/i18n/say.ts'
import { OpenPage } from './OpenPage.tsx'
import { publicRecord } from './public-record.ts'

export const handle = { scripts: false }

const title = titled(say('Where did this video come from?'))
export const meta: MetaFunction = (args) => [
  ...(title(args as never) ?? []),
  { name: 'robots', content: 'noindex' },
]

/** What this server knows of a video with that id. Its address stands in the video's own manifest. */
export const loader = pageLoader('anyone', async ({ house, params, who }) => {
  const { contact } = await siteSettings(house.db.read)
  return {
    host: house.config.appUrl.host,
    contact,
    signedIn: who !== undefined,
    record: await publicRecord(house, params.publicId ?? ''),
  }
})

export default function RecordPage() {
  const { t, date, timeZone } = useI18n()
  const { host, contact, signedIn, record } = useLoaderData<typeof loader>()
  return (
    <OpenPage signedIn={signedIn} contact={contact} narrow>
      <PageTitle
        display
        title={t('Where did this video come from?')}
        lead={
          record
            ? t('This is what {host} wrote down when it made a video with this number.', { host })
            : t('{host} has no record of a video with this number.', { host })
        }
      />
      {record ? (
        <>
          <Fact
            icon={Stamp}
            tone="good"
            question={t('Who signed it?')}
            answer={t('{host}, on {date}', { host, date: date(record.signedAt) })}
          >
            {t(
              'With a certificate that this server made for itself. Tools show it as a sound signature by a signer they do not know, unless they are given the certificate.',
            )}{' '}
            <a href={paths.certificate()} className="underline underline-offset-3 hover:text-ink">
              {t('Get the certificate')}
            </a>
          </Fact>
          <Fact
            icon={Cpu}
            tone="accent"
            question={t('How was it made?')}
            answer={
              record.kind === 'algorithmic'
                ? t('By an algorithm, without AI: {model}', { model: record.model })
                : t('By AI: {model}', { model: record.model })
            }
          >
            {record.kind === 'algorithmic'
              ? t('A program drew it from a text. It is not a recording of anything that happened.')
              : t('A trained model made it from a text. It is not a recording of anything that happened.')}
          </Fact>
          <Fact
            icon={FileCheck}
            tone="plain"
            question={t('Is my copy unchanged?')}
            answer={t('Your copy itself can tell')}
          >
            {t(
              'Open it in any tool that reads C2PA. If picture, sound or record were changed after signing, the tool says so. A copy without any record may have lost it on the way, and then nothing can be said.',
            )}
          </Fact>
          <section className="mt-10">
            <h2 className="mb-2 font-bold text-md">{t('For comparing')}</h2>
            <DefinitionList
              items={[
                {
                  term: t('Signed'),
                  detail: (
                    <>
                      <Time ms={record.signedAt} show="dateTime" /> ({timeZone})
                    </>
                  ),
                },
                {
                  term: t('Length and size'),
                  detail: <Measures {...record} />,
                },
                { term: t('SHA-256 of the file'), detail: <Hash hex={record.sha256} /> },
                { term: t('SHA-256 of the certificate'), detail: <Hash hex={record.certificate} /> },
              ]}
            />
            <p className="mt-3 text-ink-3 text-sm">
              {t('Who made it, and what they wrote, is not kept for the public.')}
            </p>
          </section>
        </>
      ) : (
        <Fact
          icon={CircleHelp}
          tone="plain"
          question={t('What does that mean?')}
          answer={t('By itself it proves nothing')}
        >
          {t(
            'The video may have been withdrawn by its maker, the number may be mistyped, or it was never made here. A video that carries a valid signature of this server was made here, whether or not there is still a record.',
          )}
        </Fact>
      )}
    </OpenPage>
  )
}

function Measures({
  durationMs,
  width,
  height,
}: {
  durationMs: number | null
  width: number
  height: number
}) {
  const { t, duration } = useI18n()
  const size = t('{width} by {height} pixels', { width: String(width), height: String(height) })
  return <>{durationMs === null ? size : `${duration(durationMs)}, ${size}`}</>
}

function Hash({ hex }: { hex: string }) {
  return <code className="break-all font-mono text-xs">{hex}</code>
}
