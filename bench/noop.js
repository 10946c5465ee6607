/** Does nothing, to any task: what is measured is the queue. */
export default async function noop (app) {
  app.handle('*', () => null)
}
