import { Link } from '@remix-run/react'
import { Copyable } from '#app/components/ui/CopyButton.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList, Panel, Split, Stat } from '#app/components/ui/Panel.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { PersonPage } from '#app/console/people.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { GenerationTag, StatusTag } from './marks.tsx'
import { PersonActs, type PersonAnswer, type PersonMay } from './PersonActs.tsx'
import { roleWords } from './words.ts'

export interface PersonProps {
  person: PersonPage
  regionName: string
  mostCredits: number
  may: PersonMay & { find: boolean; audit: boolean }
  answer: PersonAnswer
}

/** One account: what it is and has, without a name, and what may be done with it. */
export function Person({ person, regionName, mostCredits, may, answer }: PersonProps) {
  const { t, number } = useI18n()
  const made = person.generations.reduce((sum, row) => sum + row.count, 0)
  const title = person.maskedAddress ?? t('Person')
  return (
    <>
      <PageTitle
        title={title}
        {...(may.find ? { back: { to: paths.people(), label: t('People') } } : {})}
        actions={
          <>
            <StatusTag status={person.status} />
            {person.role !== 'person' && <Tag tone="accent">{t(roleWords[person.role])}</Tag>}
          </>
        }
      />
      <Split side={<PersonActs person={person} mostCredits={mostCredits} may={may} answer={answer} />}>
        <div className="grid gap-5">
          <div className="grid gap-3 sm:grid-cols-3">
            <Stat
              label={t('Credits')}
              value={number(person.credits.balance)}
              note={t('{held} set aside for videos being made', { held: number(person.credits.held) })}
            />
            <Stat
              label={t('Videos')}
              value={number(made)}
              note={
                <Link to={paths.generations({ subject: person.id })} className="text-accent hover:underline">
                  {t('See them, without their prompts')}
                </Link>
              }
            />
            <Stat
              label={t('Sessions and keys')}
              value={number(person.sessions + person.apiKeys)}
              note={t('{sessions} signed in, {keys} API keys', {
                sessions: number(person.sessions),
                keys: number(person.apiKeys),
              })}
            />
          </div>
          <Panel title={t('Account')}>
            <DefinitionList
              items={[
                { term: t('Id'), detail: <Copyable text={person.id} /> },
                { term: t('Region'), detail: regionName },
                { term: t('Role'), detail: t(roleWords[person.role]) },
                { term: t('Since'), detail: <Time ms={person.createdAt} show="dateTime" /> },
                {
                  term: t('Videos by state'),
                  detail:
                    person.generations.length === 0 ? (
                      <span className="text-ink-3">{t('none')}</span>
                    ) : (
                      <span className="flex flex-wrap gap-x-4 gap-y-1">
                        {person.generations.map(({ state, count }) => (
                          <span key={state} className="inline-flex items-center gap-1.5">
                            <GenerationTag state={state} /> {number(count)}
                          </span>
                        ))}
                      </span>
                    ),
                },
              ]}
            />
          </Panel>
          {may.audit && (
            <p>
              <Link to={paths.audit({ target: person.id })} className="text-accent hover:underline">
                {t('What staff did with this account, in the audit log')}
              </Link>
            </p>
          )}
        </div>
      </Split>
    </>
  )
}
