/** Formulas of the report's appendix by id, and what the symbols of a plan's equations stand for, by figure. */
export const deFormulas: Readonly<Record<string, string>> = {
  'formula-title.effective-bits-per-weight': 'Bits je Gewicht mit den Skalen seiner Gruppe',
  'formula-holds.effective-bits-per-weight': 'Eine Skala je Gruppe, keine zweite Ebene von Skalen.',
  'formula-title.weight-bytes': 'Gewichte einer Art von Tensor auf einem Gerät',
  'formula-holds.weight-bytes':
    'Tensoren, die sich gleichmäßig teilen; was jedes Gerät ganz hält, hat N = 1.',
  'formula-title.rope-table-bytes': 'Rotationstabelle, die jedes Gerät hält',
  'formula-holds.rope-table-bytes':
    'vLLM: Sinus und Kosinus für jede Position bis zum längsten Kontext des Modells, im Typ des Modells.',
  'formula-title.kv-bytes-per-token-heads':
    'KV-Cache eines Tokens in einer Schicht (Multi-Head, Grouped-Query, Multi-Query)',
  'formula-holds.kv-bytes-per-token-heads': 'Softmax-Attention; eine Fensterschicht endet an ihrem Fenster.',
  'formula-title.kv-bytes-per-token-latent':
    'KV-Cache eines Tokens in einer Schicht (Multi-Head Latent Attention)',
  'formula-holds.kv-bytes-per-token-latent':
    'DeepSeek V2, V3, R1, Kimi K2 und verwandte; Programme, die die latenten Vektoren ausschreiben, halten mehr.',
  'formula-title.recurrent-state-bytes': 'Zustand einer Sequenz in einer rekurrenten Schicht',
  'formula-holds.recurrent-state-bytes':
    'Mamba, Gated Delta Net, kurze Faltung: die Größe hängt nicht vom Kontext ab.',
  'formula-title.kv-bytes-per-token-equal-pages': 'Byte je Token, durch die vLLM seinen Vorrat teilt',
  'formula-holds.kv-bytes-per-token-equal-pages':
    'vLLM 0.10 bis 0.20 mit hybrider Verwaltung des KV-Caches. Eine Gruppe, wo alle Schichten gleich sind.',
  'formula-title.llama-cpp-window-cells': 'Zellen einer Fensterschicht in llama.cpp',
  'formula-holds.llama-cpp-window-cells': 'llama.cpp mit einem Cache je Sequenz und ohne --swa-full.',
  'formula-title.vllm-sampler-reserve': 'Arbeitsspeicher der Token-Auswahl unter vLLM',
  'formula-holds.vllm-sampler-reserve':
    'vLLM V1, wenn er den Vorwärtslauf übersteigt. Folgt dem Wortschatz, nicht der Größe des Modells.',
  'formula-title.forward-activation-bytes': 'Arbeitsspeicher des Vorwärtslaufs',
  'formula-holds.forward-activation-bytes':
    'Übersetzte Programme, die die Tensoren einer Schicht vor der nächsten freigeben.',
  'formula-title.llama-cpp-compute-buffer': 'Rechenpuffer von llama.cpp',
  'formula-holds.llama-cpp-compute-buffer':
    'Mit Flash-Attention; Logits eines ganzen Teilstapels in einfacher Genauigkeit.',
  'formula-title.lora-adapter-bytes': 'Adapter niedrigen Rangs für eine Matrix',
  'formula-holds.lora-adapter-bytes':
    'Beide Faktoren getrennt von den Grundgewichten. Der ungeteilte Faktor liegt ganz auf jedem Gerät.',
  'formula-title.kv-pool-of-total': 'KV-Vorrat, wo der Anteil vom ganzen Gerät gilt',
  'formula-holds.kv-pool-of-total': 'vLLM. Aufgezeichnete Graphen liegen außerhalb des Anteils.',
  'formula-title.kv-pool-of-free-before-weights':
    'KV-Vorrat, wo der Anteil von dem gilt, was am Anfang frei ist',
  'formula-holds.kv-pool-of-free-before-weights': 'SGLang: Aktivierungen und Graphen liegen im Rest.',
  'formula-title.kv-pool-of-free-after-weights': 'KV-Vorrat, wo der Anteil von dem gilt, was übrig ist',
  'formula-holds.kv-pool-of-free-after-weights':
    'TensorRT-LLM (free_gpu_memory_fraction); llama.cpp mit f = 1.',

  'meaning.workload.peakRequestsPerSecond.u': 'Nutzer',
  'meaning.workload.peakRequestsPerSecond.a': 'Anteil, der an einem Tag aktiv ist',
  'meaning.workload.peakRequestsPerSecond.r': 'Anfragen eines aktiven Nutzers am Tag',
  'meaning.workload.peakRequestsPerSecond.H': 'Arbeitsstunden am Tag',
  'meaning.workload.peakRequestsPerSecond.p': 'Spitze zu Mittel',
  'meaning.deployment.replicasNeeded.l': 'Spitzenrate der Anfragen am Ende des Zeitraums',
  'meaning.deployment.replicasNeeded.c': 'größte Rate eines Replikats innerhalb der Ziele',
  'meaning.deployment.replicasNeeded.h': 'Reserve',
  'meaning.deployment.servers.R': 'Replikate, die die Spitze braucht',
  'meaning.deployment.servers.m': 'Replikate, die ein Server fasst',
  'meaning.deployment.servers.s': 'Reserveserver je Standort',
  'meaning.deployment.servers.n': 'Standorte',
  'meaning.subscription.unitsInUse.r': 'Anfragen im ersten Monat',
  'meaning.subscription.unitsInUse.c': 'größte Rate eines Replikats innerhalb der Ziele',
  'meaning.subscription.unitsInUse.p': 'Beschleuniger eines Replikats, oder Replikate eines Servers',
  'meaning.subscription.committedUnits.f': 'zugesagter Anteil',
  'meaning.subscription.committedUnits.n': 'am ersten Tag aufgestellte Einheiten',
  'meaning.latency.endToEnd.target.m': 'Mittel: Warten und Prefill, dann Decode',
  'meaning.latency.endToEnd.target.z': 'Normalquantil des Perzentils',
  'meaning.latency.endToEnd.target.s': 'Streuung des Logarithmus',
  'formula-title.spot-hours': 'Bezahlte Stunden je Stunde Arbeit auf Spot-Instanzen',
  'formula-holds.spot-hours':
    'Nur wo r · L < 1; darüber wird keine Arbeit fertig. Was nicht bezahlt wird, weil keine Instanz zu haben ist, ist nicht enthalten.',
  'meaning.deployment.spot.hoursPerUsefulHour.r': 'Unterbrechungen einer Instanz je Stunde',
  'meaning.deployment.spot.hoursPerUsefulHour.L': 'jedes Mal bezahlte Stunden ohne Arbeit',
  'meaning.energy.itKilowattHoursPerMonth.s': 'bezahlte Stunden je Stunde Arbeit (Unterbrechungen)',
  'meaning.energy.itKilowattHoursPerMonth.P': 'mittlere Leistung der Maschinen',
  'meaning.energy.kilowattHoursPerMonth.E': 'Energie der Maschinen',
  'meaning.energy.kilowattHoursPerMonth.p': 'PUE',
  'meaning.carbon.locationGramsPerMonth.E': 'Energie am Zähler',
  'meaning.carbon.locationGramsPerMonth.g': 'CO₂e des Stromnetzes über den Lebenszyklus',
  'meaning.carbon.embodiedGramsPerMonth.n': 'Server im Mittel des Zeitraums',
  'meaning.carbon.embodiedGramsPerMonth.s': 'Herstellung eines Servers',
  'meaning.carbon.embodiedGramsPerMonth.a': 'Beschleuniger im Mittel des Zeitraums',
  'meaning.carbon.embodiedGramsPerMonth.c': 'Herstellung eines Beschleunigers',
  'meaning.carbon.embodiedGramsPerMonth.m': 'Monate der Nutzung',
  'meaning.water.totalLitresPerMonth.E': 'Energie der Maschinen',
  'meaning.water.totalLitresPerMonth.w': 'Wasser vor Ort je kWh der Rechner',
  'meaning.water.totalLitresPerMonth.p': 'PUE',
  'meaning.water.totalLitresPerMonth.g': 'Wasser der Kraftwerke je kWh',
  'meaning.cost.lines.q': 'Menge',
  'meaning.cost.lines.u': 'Stückpreis',
  'meaning.cost.lines.n': 'Zahlungen im Zeitraum, mit Preisanstieg',
  'meaning.cost.usdPerMonth.T': 'Summe über den Zeitraum',
  'meaning.cost.usdPerMonth.m': 'Monate des Zeitraums',
}
