/**
 * Names that the speed model's estimators use for its terms and levels. Catalogs and estimators never meet, so they
 * stand twice; a test in `calibration/` holds the two lists equal.
 */
export const termNames = [
  'weightStream',
  'expertStream',
  'cacheRead',
  'decodeCompute',
  'expertCompute',
  'latentCompute',
  'layerLatency',
  'expertLayerLatency',
  'recurrentLayerLatency',
  'latentLayerLatency',
  'prefillActivationTraffic',
  'stepLatency',
  'sequenceLatency',
  'reduceLatency',
  'reduceBytes',
  'dispatchLatency',
  'dispatchBytes',
  'expertImbalance',
  'routingExponent',
  'prefillCompute',
  'prefillExpertCompute',
  'prefillAttention',
  'prefillLayerLatency',
  'prefillExpertLayerLatency',
  'prefillLatentLayerLatency',
  'requestLatency',
  'burstQueue',
  'steadyQueue',
  'stepWait',
  'interference',
  'medianInterference',
  'groupWait',
  'saturatedBatch',
] as const

/** Kinds that `rightsize calibrate` writes into a user's overlay. */
export const userLevelKindNames = ['deployment', 'deployment-precision'] as const

export const levelKindNames = [
  'base',
  'engine',
  'backend',
  'era',
  'family',
  'precision',
  'accelerator',
  'backend-family',
  'backend-precision',
  'family-precision',
  'era-family',
  'mode',
  'attention',
  'experts',
  'memory-class',
  'engine-mode',
  'engine-attention',
  'engine-experts',
] as const
