import { runService } from '@meetcoop/service'
import { service } from './service.ts'

await runService(service)
