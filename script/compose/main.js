// Runs the compose file as it is, on a real engine, and breaks it. Build first: docker compose build
//   npm run test:compose              all of it, about 8 minutes
//   npm run test:compose -- secrets   one part
import * as scenarios from './scenarios.js'

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenarios)
const unknown = chosen.filter(name => !(name in scenarios))
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there is ${Object.keys(scenarios).join(', ')}`)

const failed = []
for (const name of chosen) {
  console.log(name)
  try {
    await scenarios[name]()
  } catch (error) {
    failed.push(name)
    console.error(error.stack)
  }
}
console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
