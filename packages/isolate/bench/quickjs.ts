import { getQuickJS } from 'quickjs-emscripten'

/** A function of text to text in QuickJS, the usual sandbox for scripts inside WebAssembly. */
export async function openQuickJs(source: string): Promise<{ call(text: string): string; close(): void }> {
  const context = (await getQuickJS()).newContext()
  const filter = context.unwrapResult(context.evalCode(source))
  return {
    call(text) {
      const argument = context.newString(text)
      const result = context.unwrapResult(context.callFunction(filter, context.undefined, argument))
      const answer = context.getString(result)
      argument.dispose()
      result.dispose()
      return answer
    },
    close() {
      filter.dispose()
      context.dispose()
    },
  }
}
