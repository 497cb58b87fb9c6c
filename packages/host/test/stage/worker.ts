import { bootWorkerDocument } from '@mortise/sdk/boot'

bootWorkerDocument()
