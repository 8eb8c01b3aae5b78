/**
 * The life of a connector: its state, its events, one shared attempt to connect, and one end.
 *
 * @packageDocumentation
 */
export {
  type ConnectorFacets,
  type ConnectorLife,
  type ConnectorLifeOptions,
  createConnectorLife,
} from './connector-life.ts';
