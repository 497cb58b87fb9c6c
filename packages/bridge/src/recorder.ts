export type { CallRecord, FlightLog, LogBlock, RecordedContact } from './flight-log.ts'
export { FlightRecorder, type FlightRecorderOptions } from './flight-recorder.ts'
export type { HostUsage, MethodUsage, PluginUsage } from './usage-tally.ts'
export { type Verdict, verifyFlightLog } from './verify-flight-log.ts'
