/** What the S3 double answers with: its XML documents and refusals. */

export class S3Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface Answer {
  readonly status: number
  readonly headers?: Record<string, string | number>
  readonly body?: Buffer
}

/** Values are text, and other elements where they are objects or lists of them. */
export type Element = {
  readonly [name: string]: string | number | boolean | Element | readonly Element[] | undefined
}

export function xml(status: number, root: string, content: Element): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner(content)}</${root}>`
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) }
}

export function refusal(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner({ Code: code, Message: message, RequestId: '0' })}</Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) }
}

function inner(content: Element): string {
  return Object.entries(content)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one) => [name, one] as const) : [[name, value] as const],
    )
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'object' ? inner(value) : escaped(String(value))}</${name}>`,
    )
    .join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
}
