export * from '../gen/room_scheduling/v1/events.ts'
export * from '../gen/room_scheduling/v1/query_service.ts'
