/** Deployment, acceptance and the annexes. */
export const enAnnex = {
  'deploy.integration': 'Integration',
  'deploy.endpoint': 'Endpoint',
  'deploy.endpoint.engine':
    'One internal endpoint in front of {replicas} replicas of {engine}; a load balancer that knows which replica is busy, with health checks that send a short real request.',
  'deploy.endpoint.api':
    'The provider’s endpoint ({provider}) behind an internal gateway, so that keys, limits and a change of provider stay in one place.',
  'deploy.support': 'Engine support',
  'deploy.support.partial':
    '{engine} supports {model} only in part: check the features that the application needs in the pilot.',
  'deploy.limits': 'Limits',
  'deploy.limits.text':
    'A maximum of input and output tokens per request, a queue with a time limit, and a quota per application, so that one of them cannot starve the rest.',
  'deploy.fallback': 'Fallback',
  'deploy.fallback.text':
    'What users see when the service is slow or away: decide it now and test it in the pilot.',
  'deploy.security': 'Security and data privacy',
  'deploy.residency': 'Where data is processed',
  'deploy.residency.owned':
    'On own machines ({where}). Prompts and answers do not leave the organisation’s network.',
  'deploy.residency.rented':
    'At the provider ({where}). Confirm the region, sub-processors and support access in the contract.',
  'deploy.residency.subscription':
    'On machines of another’s on own premises ({where}). Prompts and answers do not leave the organisation’s network; remote support and metering reach into it.',
  'deploy.contract': 'Contract',
  'deploy.contract.text':
    'A data processing agreement, no training on inputs or outputs, deletion terms, and how incidents are reported.',
  'deploy.contract.subscription':
    'What the meter sends out, who may log in to the machines, and what happens to drives that leave the house.',
  'deploy.access': 'Access',
  'deploy.access.text':
    'Authentication per application, encrypted transport, separate networks for management and serving, weights checked against their published hashes.',
  'deploy.logs': 'Logs',
  'deploy.logs.text':
    'Decide whether prompts and answers are kept, for how long and who may read them; strip personal data before they are used for evaluation.',
  'deploy.abuse': 'Misuse',
  'deploy.abuse.text':
    'Treat retrieved documents and user text as untrusted: no tool call without a check of rights, and tests against injected instructions in each release.',
  'deploy.licence': 'Licence and support of the model',
  'deploy.licence-class': 'Licence class',
  'deploy.released': 'Released',
  'deploy.end-of-support': 'End of support',
  'deploy.end-of-support.unknown': 'unknown; ask the publisher',
  'deploy.languages': 'Languages',
  'deploy.tracking': 'Tracking changes of the model',
  'deploy.tracking.pin':
    'Pin the exact weights or API version, and keep their hash beside the application’s version.',
  'deploy.tracking.watch':
    'Watch the publisher’s releases, security notices and end-of-life dates each month.',
  'deploy.tracking.compare':
    'Before a change: the own evaluation set, the acceptance test and a week of a small share of real traffic.',
  'deploy.tracking.back': 'Keep the former version loadable until the new one has run for a month.',
  'deploy.observability': 'Observability to set up',
  'deploy.watch.latency': 'Latency',
  'deploy.watch.latency.text':
    'TTFT and TPOT as percentiles per minute; alarm when fewer than {percentile} of the requests meet {ttft} and {tpot}.',
  'deploy.watch.rate': 'Load',
  'deploy.watch.rate.text':
    'Requests per second against the limit of {limit}; running sequences per replica (expected {running}, room for {most}), queue length, share of KV cache used.',
  'deploy.watch.power': 'Power',
  'deploy.watch.power.text':
    'Draw of the machines (expected {average} on average, {peak} at the peak) and energy per output token.',
  'deploy.watch.quality': 'Quality',
  'deploy.watch.quality.text':
    'Answers rated by users and a fixed evaluation set each night; alarm on a fall, not only on errors.',
  'deploy.watch.cost': 'Cost',
  'deploy.watch.cost.text':
    'Money per month against the plan’s {month}, and tokens per application, so that each owner sees their own bill.',

  'acceptance.intro':
    'The pilot runs {option} and is loaded with {rate} requests per second. Requests have {input} input tokens on average (p95 {inputP95}) and {output} output tokens (p95 {outputP95}), drawn from real traffic where possible.',
  'acceptance.table': 'Thresholds',
  'acceptance.ttft': 'Time to first token, {percentile} of requests',
  'acceptance.tpot': 'Time per further token, {percentile} of requests',
  'acceptance.end-to-end': 'Whole answer, {percentile} of requests',
  'acceptance.output': 'Output at the peak rate',
  'acceptance.replica': 'Rate that one replica carries within the targets',
  'acceptance.power': 'Draw at the peak',
  'acceptance.how.latency': 'at the client, over 30 minutes at the peak rate, no warm-up requests counted',
  'acceptance.how.workload': 'as above, with all use cases running and only this one’s requests counted',
  'acceptance.how.output': 'output tokens of finished requests over the same 30 minutes',
  'acceptance.how.replica': 'raise the rate in steps on one replica until a target is missed',
  'acceptance.how.power': 'at the rack’s meter, five-minute mean',
  'acceptance.how.quality': 'same harness and setting ({setting}), with the weight format that will run',
  'acceptance.steps': 'Procedure',
  'acceptance.step.load':
    'Open-loop load: requests arrive by the clock, whether or not earlier ones are done.',
  'acceptance.step.steady': 'Two hours at the peak rate, then a day that follows the expected curve.',
  'acceptance.step.fail':
    'Take one machine away at the peak and check that the targets still hold, as far as spares are planned.',
  'acceptance.step.record':
    'Keep engine version, driver, weights’ hash, configuration and raw measurements with the result.',
  'acceptance.rule': 'Passed',
  'acceptance.rule.text':
    'When every threshold is met in two runs on different days. A miss is no failure of the vendor by itself: measured figures can be put back into the plan, which then says what to change.',

  'rfp.intro':
    'Quantities are those of this plan. Ask for dated, binding answers with the conditions they hold under.',
  'rfp.hardware': 'Hardware vendors',
  'rfp.hardware.price':
    'Price of {servers} × {server} with {accelerators} × {accelerator} in all: list price, discount, taxes, validity of the offer. Name any part that you would replace, and by what.',
  'rfp.hardware.delivery': 'Delivery time from order to working machine, and what you pay if it is late.',
  'rfp.hardware.power':
    'Nameplate and measured draw under inference load (we plan {watts} for all machines), supply redundancy, inlet temperature, noise.',
  'rfp.hardware.support':
    'Warranty and support over {months} months: response time on site, price per year after the warranty, end of sale and end of support.',
  'rfp.hardware.spares': 'Spare parts kept within a day’s reach, and whether failed drives may stay with us.',
  'rfp.hardware.firmware':
    'Firmware and driver policy: signed updates, support for the chosen engine, security notices.',
  'rfp.hardware.embodied': 'Product carbon footprint of the exact configuration, with method and date.',
  'rfp.hardware.takeback': 'Take-back price or residual value at the end of use.',
  'rfp.colocation': 'Colocation providers',
  'rfp.colocation.power': 'Power per rack, price per kW and month, minimum commitment, connection cost.',
  'rfp.colocation.pue': 'Measured PUE and WUE of the hall in the last twelve months.',
  'rfp.colocation.energy': 'Energy contract: price formula, certificates, residual mix.',
  'rfp.colocation.growth': 'Room and power reserved for growth, and its price until used.',
  'rfp.subscription': 'Lessors of hardware paid by use',
  'rfp.subscription.meter':
    'What is metered (hours, utilisation, power, peaks), how often, by which tool, and how we can check it.',
  'rfp.subscription.base': 'Committed base over {months} months, and whether it may fall or rise.',
  'rfp.subscription.price':
    'Price per committed unit and per unit above it, indexation, cap, minimum bill, set-up and delivery.',
  'rfp.subscription.growth':
    'Spare capacity kept on site, delivery time of more, and the base of what is added.',
  'rfp.subscription.energy': 'What the price holds: electricity, maintenance, spare parts, network, staff.',
  'rfp.subscription.exit':
    'Price and term of ending early, purchase price at the end, return and deletion of drives.',
  'rfp.cloud': 'Cloud providers',
  'rfp.cloud.price':
    'Price over {months} months: on demand, reserved for one and three years, and what happens on early exit.',
  'rfp.cloud.capacity':
    'Guaranteed capacity in the region, and how long a lost instance takes to be replaced.',
  'rfp.cloud.residency': 'Regions, sub-processors, support access from other countries, key management.',
  'rfp.cloud.egress':
    'Prices of data out, storage, load balancing and support that the instance’s price leaves out.',
  'rfp.cloud.carbon': 'Emissions of our use on both bases, monthly, with method.',
  'rfp.cloud.exit': 'Help, time and cost of leaving.',
  'rfp.api': 'API providers',
  'rfp.api.price':
    'Price for {input} million input and {output} million output tokens a month: cached input, batch, volume discount, reasoning tokens, minimum commitment.',
  'rfp.api.sla':
    'Committed latency ({ttft} to the first token, {tpot} per further token) and availability, and what you pay if they are missed.',
  'rfp.api.limits': 'Rate limits, and whether {rate} requests per second at the peak are granted in writing.',
  'rfp.api.data':
    'Where inputs and outputs are processed and kept, for how long, and that they train no model.',
  'rfp.api.versions':
    'How long a version stays available, notice before it changes, quantisation of what is served.',
  'rfp.api.carbon': 'Energy, emissions and water per million tokens, with method.',
  'rfp.all': 'All vendors',
  'rfp.all.test': 'Do you accept the acceptance test of this report as a condition of payment?',
  'rfp.all.law': 'Which certificates and audit reports are current, and may we read them?',
  'rfp.all.references':
    'Which customers of our size run the same model on the same machines, and may we speak to one?',

  'assumptions.none': 'The plan holds no notes.',
  'assumptions.intro':
    '{warnings} warnings, {assumptions} assumptions and {information} notes. A value that the scenario gives replaces the assumption.',
  'assumptions.quotes': 'What stands in quotation marks is the catalog’s own text.',
  'assumptions.user-rows': '{n} rows of the catalog are the user’s own.',
  'assumptions.table': 'All notes of the plan and of the options compared',
  'sources.intro':
    'Catalog {version} of {date}, hash {hash}…: the same scenario and catalog give the same report again.',
  'sources.explanation': 'How the figures were computed: {option}',
  'sources.formulas': 'Formulas',
  'sources.table': 'Sources',

  'what-if.title': 'What if',
  'what-if.lead':
    'Change an assumption and see the options again. Machines are counted anew by the planner’s own code; no new search is made.',
  'what-if.users': 'Users',
  'what-if.demand': 'Demand, % of the plan',
  'what-if.volume': 'Volume at the same peak, % of the plan',
  'what-if.share': 'Answered by the small model of a pair (%)',
  'what-if.pair': 'Pair · {roles} · {models}',
  'what-if.large-alone': 'Large model alone · {roles} · {model}',
  'what-if.electricity': 'Electricity price ({currency}/kWh)',
  'what-if.horizon': 'Horizon (months)',
  'what-if.discount': 'Discount rate (% a year)',
  'what-if.reset': 'As in the plan',
  'what-if.table': 'Options under these assumptions',
  'what-if.figure.replicas': 'Replicas',
  'what-if.figure.accelerators': 'Accelerators',
  'what-if.figure.headroom': 'Headroom',
  'what-if.figure.upfront': 'Paid up front',
  'what-if.figure.total': 'Cost over the horizon',
  'what-if.figure.npv': 'Net present cost',
  'what-if.figure.tokens': 'Per million tokens',
  'what-if.figure.carbon': 'Carbon per year',
  'what-if.was': 'plan: {value}',
  'what-if.off': 'These controls need scripts. Without them the report shows the plan as it is.',
  'what-if.status': 'Cheapest under these assumptions: {option}, {cost}.',
  'what-if.invalid': 'A value is missing or outside its range; the table shows the last valid ones.',
} as const
