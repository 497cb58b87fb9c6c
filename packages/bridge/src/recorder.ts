export type { CallRecord, FlightLog, LogBlock } from './flight-log.ts'
export { FlightRecorder, type FlightRecorderOptions } from './flight-recorder.ts'
export type { MethodUsage, PluginUsage } from './usage-tally.ts'
export { type Verdict, verifyFlightLog } from './verify-flight-log.ts'
