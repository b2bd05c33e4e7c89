/** The manners of dates and numbers that the profile offers, each in its own language; the person's own comes along. */
const common =
  `en-US en-GB en-AU en-CA en-IE en-IN en-NZ en-ZA ar bg-BG bn-BD ca-ES cs-CZ da-DK de-AT de-CH de-DE el-GR
es-ES es-MX et-EE fa-IR fi-FI fil-PH fr-BE fr-CA fr-CH fr-FR ga-IE he-IL hi-IN hr-HR hu-HU id-ID is-IS it-CH it-IT ja-JP
ko-KR lt-LT lv-LV ms-MY mt-MT nb-NO nl-BE nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sl-SI sr-RS sv-SE sw-KE ta-IN th-TH
tr-TR uk-UA ur-PK vi-VN zh-CN zh-HK zh-TW`.split(/\s+/)

export interface Choice {
  value: string
  label: string
}

export function localeChoices(own: string): Choice[] {
  return [...new Set([own, ...common])]
    .map((value) => ({ value, label: nameOf(value) }))
    .sort((a, b) => a.label.localeCompare(b.label))
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
}

/** IANA zones as this Node knows them, with the person's own, which may be an older spelling. */
export function timeZoneChoices(own: string): Choice[] {
  return [...new Set(['UTC', own, ...Intl.supportedValuesOf('timeZone')])]
    .sort()
    .map((value) => ({ value, label: value.replaceAll('_', ' ') }))
}
