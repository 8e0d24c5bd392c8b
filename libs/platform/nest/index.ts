export { connectBus, createBusApp } from './connect-bus.ts';
