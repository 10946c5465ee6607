/** A millisecond of work for the CPU. */
export default async function busy (app) {
  app.handle('*', () => {
    const end = performance.now() + 1
    while (performance.now() < end);
  })
}
