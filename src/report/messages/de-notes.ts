/** Notes of a plan by their code, and why options stand where they stand. What is in „…“ is the catalog's own text. */
export const deNotes: Readonly<Record<string, string>> = {
  'note.default-from-use-case':
    '{about} = {value:quantity}, aus dem Profil des Anwendungsfalls {useCase}[{assumed? (angenommen)}][. Katalog: „{note}“]',
  'note.default-of-cost-model':
    '{about} = {value:quantity} ({unit:unit}[, beobachtet von {low} bis {high}]). Katalog: „{parameter}“[, „{note}“]',
  'note.default-of-planner':
    '{about} = {value:quantity} (angenommen)[: {reason:reason}][. Katalog: „{note}“]',
  'note.place-figure-from-elsewhere':
    '{figure:figure} für {about}: übernommen von {from:place}, eine eigene Zeile fehlt',
  'note.place-figure-unknown': '{figure:figure} für {about} ist unbekannt',
  'note.facility-figure-of-the-kind':
    '{figure} für {about} = {value}: der übliche Wert für {facility:facility}',
  'note.concurrency-from-targets':
    'Anfragen in Bearbeitung = Spitzenrate × (TTFT-Ziel + Ausgabe-Token × TPOT-Ziel), nach dem Gesetz von Little: so viele hält ein System, das die Ziele gerade erfüllt; ein schnelleres hält weniger',
  'note.listed-options':
    '{listed:count} von {offers:count} möglichen Angeboten sind aufgeführt: die mit einer Rolle, das beste jeder Art von Ort und nach der Wertung das beste jeder Kombination aus Modell, Beschleuniger und Art von Ort',
  'note.quality-not-ranked':
    'Es ist kein Benchmark genannt, also geht die Qualität nicht in die Rangfolge ein; model.minimumQuality oder useCase angeben',
  'note.quality-benchmark': '„Qualität“ ist die Punktzahl in {benchmark} nach dem Verlust durch die Formate',
  'note.purchases-when-needed':
    'Maschinen werden am Anfang jedes Jahres gekauft oder gemietet (Monate 1, 13, 25, …), so viele mehr, wie die höchste Spitze dieses Jahres braucht, zu heutigen Preisen und jede so voll wie die am Ende. Energie, CO₂e, Wasser, Personal und Wartung sind die der vorhandenen Maschinen bei der Last eines mittleren Monats des Jahres; Platten für aufbewahrte Anfragen werden gekauft wie die Maschinen. Speicher und Datenverkehr in Clouds folgen der Last Monat für Monat. Eine Grenze für Investitionen zählt alle Käufe, ohne Abzinsung und ohne Erneuerung; Grenzen für Leistung, Platz und Anzahl gelten für die Maschinen am Ende',
  'note.purchases-at-start':
    'Alle Maschinen für die Spitze am Ende des Zeitraums werden am ersten Tag gekauft oder gemietet; ihre Aufnahme folgt der Last eines mittleren Monats jedes Jahres',
  'note.latency-approximation':
    'Die Perzentile stammen aus einer geschlossenen Formel für die Warteschlange (Poisson-Ankünfte, lognormale Längen); die gewählte Option mit der Simulation prüfen',
  'note.mixed-queue-load':
    'Zur Spitze ist jedes Replikat zu {load:percent} ausgelastet: über {checked:percent} kann die Wartezeit mehrerer Lasten in einer Schlange weit länger sein als angegeben. Simulieren Sie die Option, oder verlangen Sie mehr Reserve',
  'note.workloads-judged-apart':
    'Anfragen aller Lasten warten in einer Schlange; jede wird mit ihren eigenen Längen an ihren eigenen Zielen gemessen, und der Speicher ist für die längste bemessen. Wo Latenzen mit Grenzen verglichen werden, steht jede im Verhältnis zum eigenen Ziel, mal dem strengsten',
  'note.facts-of-the-scenario':
    'Der Katalog enthält keine Lieferzeiten und keine Sicherheitsangaben: es zählen nur die des Szenarios. Eine Option, von der keine spricht, bleibt, und ihre Grenze steht als unbekannt',
  'note.adapters-speed-not-modelled':
    'Speicher und Plattenplatz von {adapters:count} Adaptern sind gezählt; dass sie ein Replikat verlangsamen, ist es nicht: der Katalog hat dafür keinen gemessenen Faktor. Auch die Zeit, Adapter nachzuladen, ist nicht gezählt',
  'note.role-open': 'Keine Option ist {role:best}: der Wert ist für alle unbekannt',
  'note.engine-support':
    '{engine} läuft auf {family} nur teilweise (mit einem Zusatz oder ohne manche Kernel)',
  'note.adapters-do-not-fit-model':
    'Keine der Matrizen, die die Adapter ändern, ist in dieser Architektur bekannt; ihr Speicher ist deshalb nicht gezählt',
  'note.embodied-of-the-kind':
    'Für die Herstellung dieser Maschine oder ihrer Beschleuniger gibt es keine eigene Zeile: es gilt der Median ihrer Art, die Spanne ist die aller',
  'note.format-loss-assumed':
    'Ein Teil des Qualitätsverlusts durch die Formate ist angenommen, nicht gemessen',
  'note.interval-without-speed':
    'Nichts in der Nähe seiner Geschwindigkeit wurde gemessen; die Intervalle von Kosten und Fußabdruck enthalten deshalb nicht, wie weit die Geschwindigkeit abweichen kann',
  'note.subscription-metering':
    'Als Nutzung, die {quote} berechnet, gilt die mittlere Rate im Verhältnis zu dem, was eine Einheit ({unit:unit}) innerhalb der Ziele leistet: im ersten Monat sind im Mittel {used:figure} von {installed:count} genutzt ({share:percent}), {base:percent} zugesagt. Ein Vertrag kann anders messen (Spitzen, aufgenommene Leistung, reservierte Stunden): ihn prüfen',
  'note.owned-maintenance':
    'Die Maschinen sind schon vorhanden: Kauf und Ersatz stehen nicht auf der Rechnung, Wartung schon, mit {fraction:percent1} im Jahr dessen, was eine neu mit ihren Beschleunigern kostet ({each:figure} {currency}): {perYear:figure} {currency} im Jahr für jede. In finance.maintenance angeben, was der Vertrag sagt, 0, wo es keinen gibt',
  'note.owned-without-maintenance':
    'Die Maschinen sind schon vorhanden: weder Kauf noch Ersatz noch Wartung (finance.maintenance ist 0) stehen auf der Rechnung',
  'note.spot':
    'Spot-Instanzen können jederzeit entzogen werden: jede etwa {perMonth:figure}-mal im Monat, alle {servers:count} zusammen {all:figure}-mal. Jedes Mal werden etwa {minutes:figure} Minuten bezahlt, in denen nichts bedient wird; Rechnung und Energie zählen deshalb {factor} Stunden je Stunde Arbeit. Was darüber hinaus verloren geht, ist nicht Geld, sondern es sind Antworten',
  'note.spot-alone':
    'Es gibt nur eine Spot-Instanz: vom Entzug an, bis eine andere geladen ist, bekommt niemand eine Antwort. Verfügbarkeit n+1 verlangen oder eine Instanz auf Abruf behalten',
  'note.spot-without-spare':
    'Solange eine Spot-Instanz fehlt, tragen die anderen ihre Last ohne Reserve: in der Spitze werden die Ziele verfehlt, wenn der Spielraum nicht reicht. Anbieter entziehen oft viele Instanzen einer Art zugleich: dann hilft keine Reserve derselben Art',
  'note.spot-with-spare':
    'Solange eine Spot-Instanz fehlt, trägt die Reserve ihren Teil. Anbieter entziehen oft viele Instanzen einer Art zugleich: dann hilft keine Reserve derselben Art; dafür einige Instanzen auf Abruf behalten',
  'note.spot-two-sites':
    'Solange Spot-Instanzen eines Standorts fehlen, trägt der andere alles. Anbieter entziehen oft viele Instanzen einer Art zugleich: dann hilft keine Reserve derselben Art; die Standorte müssen deshalb zwei Regionen sein, nicht zwei Zonen',
  'note.server-price': 'Zum Preis des Servers, Katalog: „{note}“',
  'note.languages-unknown': '{about}: keine Quelle im Katalog sagt, welche Sprachen es spricht',
  'note.commercial-use-limited': '{about}: gewerbliche Nutzung ist in Grenzen erlaubt; die Lizenz lesen',
  'note.commercial-use-unknown': '{about}: niemand hat festgehalten, ob gewerbliche Nutzung erlaubt ist',
  'note.end-of-support-unknown': '{about}: keine Quelle sagt, bis wann der Herausgeber es pflegt',
  'note.excluded-regions-unknown': '{about}: die Lizenz schließt aus: {regions:regions}',
  'note.cascade-fraction-given':
    'Dass das kleine Modell {fraction:percent1} der Anfragen gut genug beantwortet, sagt das Szenario: kein Wert des Katalogs belegt es',
  'note.cascade-quality':
    'Die Punktzahl eines Paares gewichtet die Punktzahlen beider Modelle mit den Anfragen, die jedes beantwortet, als wären diese ohne Rücksicht auf ihre Schwierigkeit verteilt. Wer richtig verteilt, erreicht mehr, wer falsch verteilt, weniger; die Enden sind die Punktzahlen beider Modelle',
  'note.cascade-quality-unknown':
    'Die Qualität eines Paares ist unbekannt: kein Benchmark ist genannt, oder eines der Modelle hat keine vergleichbare Punktzahl',
  'note.cascade-same-lengths':
    'Anfragen an beide Modelle sind gleich lang; Anfragen, die schwer genug zum Weiterreichen sind, sind oft länger',
  'note.cascade-machines-apart':
    'Jedes Modell hat eigene Maschinen und Reserven; was ein gemeinsamer Server oder ein gemeinsames Rack sparen würde, wird nicht gesucht',
  'note.cascade-router-free': 'Der Verteiler kostet weder Zeit noch Energie noch Geld',
  'note.cascade-both-times':
    'Eine weitergereichte Anfrage wartet auf die ganze Antwort des kleinen Modells; die Perzentile beider Zeiten werden addiert, und das große Modell erhält die Anfrage ohne die kleine Antwort',
  'note.cascade-escalated-late':
    'Jedes Modell für sich hält die Ziele für {percentile:percent} seiner Anfragen, aber weitergereichte Anfragen sehen ihr erstes Token in {late:count} von {pairs:count} Paaren später als das Ziel von {ttft:seconds}',
  'note.cascade-not-exact':
    'Eine Grenze für die Summe lehnt das Paar der beiden Besten ab; das beste Paar der aufgeführten Optionen tritt an seine Stelle, und ein nicht aufgeführtes kann besser sein',
  'note.intervals-by-draws':
    'Die Intervalle von Kosten, Energie, CO₂e und Wasser sind die mittleren 80 % von {samples:count} Ziehungen (Startwert {seed}) von Last, Geschwindigkeit, Leistung, Preisen und Werten des Ortes. In jeder Ziehung werden die Maschinen neu gezählt: das Intervall sagt, was es braucht, die kommende Last innerhalb der Ziele zu bedienen, nicht, was die geplanten Maschinen allein kosten würden. Zwei Optionen sind gleichauf, wo keine in neun von zehn Ziehungen günstiger ist',
  'note.grid-carbon-uncertainty':
    'Das CO₂e eines Netzes im Katalog kann in vier von fünf Fällen um den Faktor 1 + {fraction} nach oben oder unten abweichen, für alle Optionen in einem Netz gleich (site.gridCarbon legt es fest). Katalog: „{note}“',
  'note.grid-water-uncertainty':
    'Das Wasser der Kraftwerke eines Netzes im Katalog kann in vier von fünf Fällen um den Faktor 1 + {fraction} nach oben oder unten abweichen, für alle Optionen in einem Netz gleich. Katalog: „{note}“',
  'note.electricity-price-uncertainty':
    'Der Strompreis des Katalogs kann in vier von fünf Fällen um den Faktor 1 + {fraction} nach oben oder unten abweichen (site.electricityPrice legt ihn fest). Katalog: „{note}“',

  'reason.device-serves-owner': 'ein Gerät dient seinem Besitzer',
  'reason.only-mean-given': 'nur ein Mittel war angegeben, also zählt jede Anfrage als so lang',
  'reason.peaks-fall-together':
    'alle Spitzen fallen zusammen, also addieren sich ihre Raten; Stunden und Tage sind die längsten von allen; wer mehrere Lasten nutzt, zählt für jede einmal',
  'reason.no-place-given': 'kein Ort war angegeben, also werden alle verglichen',

  'place-name.World': 'der Welt insgesamt',
  'figure.electricity-price': 'Strompreis',
  'figure.grid-carbon': 'CO₂e des Stromnetzes',
  'figure.water-of-electricity': 'Wasser der Stromerzeugung',
  'facility.cloud-region': 'die Region einer Cloud',
  'facility.provider-fleet': 'die Rechenzentren des Anbieters',
  'facility.hyperscale': 'sehr große Rechenzentren',
  'facility.industry-mean': 'Rechenzentren im Mittel der Branche',
  'facility.enterprise': 'Rechenzentren von Unternehmen',
  'best.cheapest': 'die günstigste',
  'best.greenest': 'die grünste',
  'best.fastest': 'die schnellste',
  'best.balanced': 'die ausgewogene',

  'why.why-cheapest':
    'Sie kostet über den Zeitraum am wenigsten von {offers:count} Angeboten, die alle Anforderungen erfüllen.',
  'why.why-greenest':
    'Sie verursacht im Monat das wenigste CO₂e aller {offers:count} Angebote, deren Emissionen bekannt sind.',
  'why.why-fastest':
    'Sie antwortet am schnellsten von {offers:count} Angeboten, soweit deren Geschwindigkeit bekannt ist.',
  'why.why-balanced':
    'Sie hat die beste Wertung von {offers:count} Angeboten, die alle Anforderungen erfüllen.',
  'why.why-api': 'Es ist keine Maschine zu kaufen oder zu betreiben; die Rechnung folgt den Token.',
  'why.why-replicas':
    '{replicas:count} {replicas|Replikat trägt|Replikate tragen} die Spitze mit {headroom:percent} Reserve; eines trägt innerhalb der Ziele {rate:figure} Anfragen/s.',
  'why.why-spares':
    '{spares:count} von {servers:count} Maschinen {spares|steht|stehen} für die Verfügbarkeit bereit ({availability}).',
  'why.why-format-loss': 'Ihre Formate kosten etwa {loss:percent1} der veröffentlichten Punktzahl.',

  'nearly.next': 'kommt als Nächste',
  'nearly.cheapest': 'kostet {more:percent1} mehr',
  'nearly.greenest': 'verursacht {more:percent1} mehr CO₂e',
  'nearly.fastest': 'braucht {more:percent1} mehr Zeit',
  'nearly.balanced': 'hat eine um {more:percent1} schlechtere Wertung',
  'lever.site.electricityPrice':
    'Bei {at:figure} {unit:unit} (jetzt {now:figure}) wäre {option} gleich teuer',
  'lever.finance.cloudDiscount': 'Mit {at:percent1} mehr Cloud-Rabatt wäre {option} gleich günstig',
  'lever.finance.hardwareDiscount':
    'Mit etwa {at:percent1} Rabatt auf die Hardware käme {option} in die Nähe',
}
