export * from '../gen/node_orchestration/v1/placement.ts'
export * from '../gen/node_orchestration/v1/events.ts'
export * from '../gen/node_orchestration/v1/query_service.ts'
