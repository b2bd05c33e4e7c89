import { redirect } from '@remix-run/node'
import { type MetaFunction, useLoaderData } from '@remix-run/react'
import EyeOff from 'lucide-react/icons/eye-off'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import LockKeyhole from 'lucide-react/icons/lock-keyhole'
import Receipt from 'lucide-react/icons/receipt'
import Timer from 'lucide-react/icons/timer'
import WandSparkles from 'lucide-react/icons/wand-sparkles'
import { OwnScript } from '#app/components/account/OwnScript.tsx'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { type Glyph, Icon } from '#app/components/ui/Icon.tsx'
import { pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'
import { siteSettings } from '#app/settings.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { OpenPage } from './OpenPage.tsx'
import { showcase } from './showcase.ts'

export const handle = { scripts: false }

export const meta: MetaFunction<typeof loader> = ({ matches }) => {
  const root = matches.find(({ id }) => id === 'root')?.data as
    | { locale: string; site: { name: string } }
    | undefined
  const { t } = translatorFor(root?.locale ?? 'en')
  return [
    { title: t('{site}: write a scene, watch it become a film', { site: root?.site.name ?? 'Fairframe' }) },
    {
      name: 'description',
      content: t('A video studio that says how each video was made and what it keeps of you.'),
    },
  ]
}

export const loader = pageLoader('anyone', async ({ house, who }) => {
  if (who) throw redirect(paths.compose())
  const { contact } = await siteSettings(house.db.read)
  const { config } = house
  return {
    contact,
    takesAccounts: config.signUp === 'open',
    welcomeCredits: config.welcomeCredits,
    keepUnsavedDays: config.keepUnsavedDays,
    showcase: showcase(),
  }
})

export default function Landing() {
  const { t } = useI18n()
  const page = useLoaderData<typeof loader>()
  const site = useRootData()?.site.name ?? ''
  return (
    <OpenPage
      signedIn={false}
      contact={page.contact}
      links={[
        { to: '#how', label: t('How it works') },
        { to: '#promises', label: t('What we promise') },
      ]}
    >
      <section className="grid gap-6 pt-4 pb-10 md:pt-10 md:pb-12">
        <h1 className="max-w-[13em] text-balance font-serif text-[42px] leading-[1.04] tracking-[-0.015em] md:text-[64px]">
          {t('Write a scene, watch it become a film')}
        </h1>
        <p className="max-w-[34em] text-ink-2 text-lg">
          {t(
            '{site} turns your words into moving pictures with sound, and treats them as yours: each video says how it was made, and you see what is kept and for how long.',
            { site },
          )}
        </p>
        <Doors takesAccounts={page.takesAccounts} welcomeCredits={page.welcomeCredits} />
      </section>
      {page.showcase && <Showcase {...page.showcase} />}
      <section id="how" className="scroll-mt-6 border-line border-t py-12 md:py-16">
        <h2 className="mb-8 font-serif text-xl">{t('How it works')}</h2>
        <ol className="grid gap-8 md:grid-cols-3 md:gap-10">
          <Step number="1" title={t('Write what should happen')}>
            {t(
              'A few sentences are enough: who, where, the light, the weather. Add a picture to start from if you have one.',
            )}
          </Step>
          <Step number="2" title={t('See the price first')}>
            {t(
              'Choose length, shape and size. What it costs stands on the button, and nothing is taken if it fails.',
            )}
          </Step>
          <Step number="3" title={t('Watch it being made')}>
            {t(
              'You see each phase as it happens. Close the page if you like; the work goes on. Then save it, download it, or let it go.',
            )}
          </Step>
        </ol>
      </section>
      <section id="promises" className="scroll-mt-6 border-line border-t py-12 md:py-16">
        <h2 className="mb-2 font-serif text-xl">{t('What we promise')}</h2>
        <p className="prose-measure mb-8 text-ink-2">
          {t('Each of these is built into the program, not only written on a page.')}
        </p>
        <ul className="grid gap-x-10 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
          <Pledge icon={LockKeyhole} title={t('A key for each thing')}>
            {t(
              'Every prompt, picture and video is sealed under a key of its own. Delete one and its key is destroyed: nobody can read it again, not even in an old backup.',
            )}
          </Pledge>
          <Pledge icon={WandSparkles} title={t('No training on your work')}>
            {t(
              'Nothing you write or make is used to train a model, and each file says that you do not allow it.',
            )}
          </Pledge>
          <Pledge icon={Fingerprint} title={t('Every video is signed')}>
            {t(
              'It carries a record of what made it that any C2PA tool can check, and that shows when something was changed.',
            )}
          </Pledge>
          <Pledge icon={Timer} title={t('Kept as long as you want it')}>
            {t(
              'What you save stays until you delete it. What you do not save goes after {days, plural, one {a day} other {# days}}.',
              { days: page.keepUnsavedDays },
            )}
          </Pledge>
          <Pledge icon={EyeOff} title={t('Nobody looks over your shoulder')}>
            {t(
              'This page asks no other server for anything. There are no trackers, and no cookie but those it needs.',
            )}
          </Pledge>
          <Pledge icon={Receipt} title={t('Paid only for what you get')}>
            {t(
              'Credits are set aside while a video is made, and come back if it fails, is refused or you stop it.',
            )}
          </Pledge>
        </ul>
      </section>
      <section className="grid justify-items-start gap-6 rounded-lg bg-sunken px-6 py-10 md:px-12 md:py-14">
        <h2 className="max-w-[16em] text-balance font-serif text-[34px] leading-[1.08] md:text-display">
          {t('Your first film is a few sentences away')}
        </h2>
        <Doors takesAccounts={page.takesAccounts} welcomeCredits={page.welcomeCredits} />
      </section>
      <OwnScript run="film" />
    </OpenPage>
  )
}

function Doors({ takesAccounts, welcomeCredits }: { takesAccounts: boolean; welcomeCredits: number }) {
  const { t, number } = useI18n()
  return (
    <div className="flex flex-wrap items-center gap-3">
      {takesAccounts && (
        <LinkButton to={paths.signUp()} look="primary" size="lg">
          {t('Make an account')}
        </LinkButton>
      )}
      <LinkButton to={paths.signIn()} size="lg" look={takesAccounts ? 'quiet' : 'primary'}>
        {t('Sign in')}
      </LinkButton>
      {takesAccounts && welcomeCredits > 0 && (
        <p className="text-ink-3 text-sm">
          {t('{amount} credits to begin with', { amount: number(welcomeCredits) })}
        </p>
      )}
    </div>
  )
}

/** Starts by the page's own script where the visitor did not ask for less motion; the controls always stop it. */
function Showcase({ film, poster }: { film: string; poster: string | undefined }) {
  const { t } = useI18n()
  return (
    <figure className="mb-12 md:mb-16">
      <video
        data-film
        src={film}
        poster={poster}
        controls
        muted
        loop
        playsInline
        preload="metadata"
        aria-label={t('A film made by this studio')}
        className="aspect-video w-full rounded-lg bg-black object-cover shadow-lift"
      />
      <figcaption className="mt-3 text-ink-3 text-sm">
        {t('Made by this studio from a few sentences, and signed by it.')}
      </figcaption>
    </figure>
  )
}

function Step({ number, title, children }: { number: string; title: string; children: string }) {
  return (
    <li className="grid content-start gap-2">
      <span aria-hidden="true" className="num font-serif text-ink-3 text-xl">
        {number}
      </span>
      <h3 className="font-bold text-md">{title}</h3>
      <p className="text-ink-2">{children}</p>
    </li>
  )
}

function Pledge({ icon, title, children }: { icon: Glyph; title: string; children: string }) {
  return (
    <li className="grid content-start gap-2">
      <Icon of={icon} size={22} className="text-accent" />
      <h3 className="font-bold text-md">{title}</h3>
      <p className="text-ink-2 text-sm">{children}</p>
    </li>
  )
}
