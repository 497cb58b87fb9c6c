/** Runs in the sandboxed document of a worker plugin: makes the worker and hands the port over. */
import { bootWorkerDocument } from '@mortise/sdk/boot'

bootWorkerDocument()
