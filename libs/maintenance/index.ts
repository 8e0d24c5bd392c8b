export { askService } from './control/ask-service.ts';
export { ControlSocket } from './control/control-socket.ts';
export { Maintenance, type MaintenanceTask, type Told } from './maintenance.ts';
export type { Rebuilt } from './rebuild.ts';
export type { Finding, Looked, Verified } from './verification.ts';
