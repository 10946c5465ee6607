import { main } from './gcost.ts'
await main(Number(process.argv[2]))
process.exit(0)
