export * from '../gen/recording_storage/v1/recording.ts'
export * from '../gen/recording_storage/v1/events.ts'
export * from '../gen/recording_storage/v1/query_service.ts'
