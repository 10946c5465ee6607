import { readdirSync, readFileSync } from 'node:fs'

/** Path and text of every page. */
export const pages = new Map(['README.md', ...readdirSync('docs').map(name => `docs/${name}`)].map(path => [path, readFileSync(path, 'utf8')]))

export function page (path: string): string {
  return pages.get(path)!
}

/** The contents of the fenced blocks of one language. */
export function blocks (text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , content]) => content!)
}

/** The cells of the rows of the table under a heading. */
export function table (text: string, heading: string): string[][] {
  const section = text.split(/^## /m).find(part => part.startsWith(heading))!
  return section.split('\n').filter(line => line.startsWith('| ')).slice(1).map(line => line.slice(2, -2).split(' | ').map(cell => cell.trim()))
}

/** GitHub's anchor of a heading. */
export function anchors (text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'))
}
