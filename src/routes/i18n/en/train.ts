/** Texts of the train page. */
export const train = {
  title: 'Train',
  heading: 'Train your own recommender',
  intro:
    'Training finds which products the same people like, from {users} shoppers of this shop and from what you did yourself. Your device does all of it, and nothing is sent.',
  introEmpty:
    'Training finds which products the same people like, from the shoppers of this shop and from what you did yourself. Your device does all of it, and nothing is sent.',
  compare: 'Compare models',
  simulated: 'The {users} shoppers of this shop are simulated: a program made them up.',

  // Setting up
  model: 'Model',
  modelIals: 'Implicit ALS',
  modelIalsNote: 'The default. Every step is solved exactly, so a few passes are enough.',
  modelLogistic: 'Logistic factorization',
  modelLogisticNote: 'The model of the article this shop grew from. It learns in many small steps.',
  device: 'Device',
  deviceAuto: 'Best there is',
  deviceWebgpu: 'Graphics processor (WebGPU)',
  deviceCpu: 'Processor (CPU engine)',
  deviceAsking: 'Asking the browser what it offers …',
  deviceGpuFound: 'Your graphics processor is ready: {name}.',
  deviceNoGpu: 'CPU engine: this browser offers no WebGPU. The models are the same, training takes longer.',
  deviceReason: 'Why: {reason}',
  advanced: 'Advanced',
  factors: 'Factors',
  factorsNote: 'Numbers that describe each product. More can tell finer tastes apart and take longer.',
  iterations: 'Iterations',
  iterationsNote: 'Passes over the data.',
  advancedEmpty: 'Chosen from the data',
  advancedRange: 'A whole number from {min} to {max}.',
  advancedInvalid: '“{value}” is not a whole number from {min} to {max}.',
  autoTrain: 'Train on its own when there is something new to learn',
  start: 'Start training',
  startAgain: 'Train again',
  startOver: 'Start over',
  resume: 'Go on from iteration {iteration}',
  resumeNote: 'A run of {date} was interrupted after iteration {iteration}. What it had learnt is kept.',
  cancel: 'Stop',
  noCommunityModel:
    'This shop keeps its customers’ data to itself and sends a ready model instead. You are folded into it here, on this device.',
  noCommunity:
    'This shop brings no interactions, so there is nothing to train on. Your shelf works from texts.',

  // Running
  statusPreparing: 'Getting the data ready …',
  statusTraining: 'Training on {device}',
  statusSaving: 'Saving the model …',
  statusElsewhere: 'Another tab of this shop is training. Its model will be used here as soon as it is done.',
  progress: 'Progress of training',
  iterationOf: 'Iteration {iteration} of {iterations}',
  figures: 'Figures of this run',
  figureQuality: 'NDCG@10',
  figureQualityNote: 'on {users} held-out shoppers',
  figureTimes: 'against popularity',
  figureSpeed: 'interactions a second',
  figureLeft: 'time left',
  figureMemory: 'memory on the device',
  figureData: 'interactions',
  figureDataNote: '{users} shoppers, {items} products',
  resumedFrom: 'Went on from iteration {iteration} of an earlier run.',
  fallback: 'Training runs on the CPU engine. {reason}',
  recovered: 'The device failed after iteration {iteration}; training went on with {device}. {reason}',
  checkpointError: 'Progress is not being saved: a reload would lose this run. {reason}',
  lessThanSecond: 'under a second',

  // Outcome
  done: 'Done in {seconds}. Your shelves use the new model now.',
  doneLink: 'See your shelf',
  notSaved: 'Trained and in use, but not saved: the model is gone when you close the page. {reason}',
  cancelled: 'Stopped. What was learnt so far is kept, so you can go on later.',
  cancelledEmpty: 'Stopped before the first checkpoint; nothing was kept.',
  failed: 'Training failed. {reason}',
  corrupt: {
    one: 'A saved model did not match its checksum and is not used. Train again to replace it.',
    other:
      '{count} saved models did not match their checksums and are not used. Train again to replace them.',
  },

  // Curves
  curves: 'How well it learns',
  curvesEmpty: 'The curves appear here with the first iteration.',
  quality: 'Ranking quality (NDCG@10)',
  qualityNote:
    'Shoppers who were kept out of training: how high the model ranks products they really chose, among all products. 1 is perfect.',
  qualityModel: 'this model',
  qualityPopularity: 'popularity',
  loss: 'Loss',
  lossNote: 'What training makes smaller: the error per interaction on what it has seen.',
  chartLabel: '{title}: after iteration {iteration} it is {value}. The table below has every value.',
  table: 'As a table',
  tableIteration: 'Iteration',
  tableSeconds: 'Seconds',
  tableLoss: 'Loss',
  tableNdcg: 'NDCG@10',
  tableNone: 'not measured',

  // Map
  map: 'The map of products',
  mapNote:
    'Each dot is a product. Products that the same people like lie close together: nobody told the model about categories, only who chose what.',
  mapEmpty: 'The map forms while a model trains.',
  mapLabel: 'Map of {items} products in {categories} categories. The list below says it in words.',
  mapWords: 'In words',
  mapGroup: '{items} products, closest to {neighbour}',
  mapGroupAlone: '{items} products',
  mapForming: 'after iteration {iteration}',

  // Kept models
  models: 'Kept models',
  modelsEmpty: 'No model yet. Until there is one, your shelves work from texts and popularity.',
  modelsInUse: 'in use',
  modelsUse: 'Use this one',
  modelsLine: '{iterations} iterations in {seconds} on {device}',
  modelsOfShop: 'Came with the shop, trained by {trainer}; nothing of yours is in it',
  modelsTaken: 'Taken over {date}',
  modelsUnmeasured: 'Quality not measured',
  modelsQuality: 'NDCG@10 {quality}, {times} × popularity ({popularity})',
  modelsTrained: 'Trained {date}',
  modelsFactors: '{factors} factors',
  modelsSeed: 'seed {seed}',
  modelsSize: '{items} products, {bytes}',

  // Presenter
  presenter: 'Presenting?',
  presenterNote:
    'Clears what this visitor did and everything trained from it. The shop itself stays on the device, so the next visitor can start at once, also offline.',
  reset: 'Reset for the next visitor',
  resetTitle: 'Reset for the next visitor?',
  resetText:
    'All events, orders, reviews, the basket and the trained models are erased from this device. This cannot be undone.',
  resetConfirm: 'Erase and reset',
  resetKeep: 'Keep everything',
  resetDone: 'Ready for the next visitor.',
  resetFailed: 'Not everything could be erased. {reason}',
} as const;
