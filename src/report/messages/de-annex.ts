/** Deployment, acceptance and the annexes. */
export const deAnnex = {
  'deploy.integration': 'Anbindung',
  'deploy.endpoint': 'Zugang',
  'deploy.endpoint.engine':
    'Ein interner Zugang vor {replicas} Replikaten von {engine}; ein Lastverteiler, der weiß, welches Replikat beschäftigt ist, mit Prüfungen, die eine kurze echte Anfrage senden.',
  'deploy.endpoint.api':
    'Der Zugang des Anbieters ({provider}) hinter einem internen Gateway, damit Schlüssel, Grenzen und ein Wechsel des Anbieters an einer Stelle liegen.',
  'deploy.support': 'Unterstützung im Programm',
  'deploy.support.partial':
    '{engine} unterstützt {model} nur teilweise: die nötigen Funktionen im Piloten prüfen.',
  'deploy.limits': 'Grenzen',
  'deploy.limits.text':
    'Eine Obergrenze für Ein- und Ausgabe-Token je Anfrage, eine Warteschlange mit Zeitgrenze und ein Kontingent je Anwendung, damit keine die anderen aushungert.',
  'deploy.fallback': 'Rückfall',
  'deploy.fallback.text':
    'Was Nutzer sehen, wenn der Dienst langsam oder weg ist: jetzt entscheiden und im Piloten prüfen.',
  'deploy.security': 'Sicherheit und Datenschutz',
  'deploy.residency': 'Wo Daten verarbeitet werden',
  'deploy.residency.owned':
    'Auf eigenen Maschinen ({where}). Eingaben und Antworten verlassen das Netz der Organisation nicht.',
  'deploy.residency.rented':
    'Beim Anbieter ({where}). Region, Unterauftragnehmer und Zugriff des Supports im Vertrag festhalten.',
  'deploy.residency.subscription':
    'Auf fremden Maschinen im eigenen Haus ({where}). Eingaben und Antworten verlassen das Netz der Organisation nicht; Fernwartung und Messung reichen hinein.',
  'deploy.contract': 'Vertrag',
  'deploy.contract.text':
    'Eine Vereinbarung zur Auftragsverarbeitung, kein Training mit Ein- oder Ausgaben, Löschfristen und die Meldung von Vorfällen.',
  'deploy.contract.subscription':
    'Was die Messung nach außen meldet, wer sich an den Maschinen anmelden darf und was mit Laufwerken geschieht, die das Haus verlassen.',
  'deploy.access': 'Zugriff',
  'deploy.access.text':
    'Anmeldung je Anwendung, verschlüsselter Transport, getrennte Netze für Verwaltung und Betrieb, Gewichte gegen ihre veröffentlichten Prüfsummen geprüft.',
  'deploy.logs': 'Protokolle',
  'deploy.logs.text':
    'Entscheiden, ob Eingaben und Antworten aufbewahrt werden, wie lange und wer sie lesen darf; personenbezogene Daten entfernen, bevor sie der Bewertung dienen.',
  'deploy.abuse': 'Missbrauch',
  'deploy.abuse.text':
    'Abgerufene Dokumente und Nutzertext als nicht vertrauenswürdig behandeln: kein Werkzeugaufruf ohne Rechteprüfung, und Tests gegen eingeschleuste Anweisungen bei jeder Version.',
  'deploy.licence': 'Lizenz und Pflege des Modells',
  'deploy.licence-class': 'Lizenzklasse',
  'deploy.released': 'Erschienen',
  'deploy.end-of-support': 'Ende der Pflege',
  'deploy.end-of-support.unknown': 'unbekannt; beim Herausgeber erfragen',
  'deploy.languages': 'Sprachen',
  'deploy.tracking': 'Änderungen am Modell verfolgen',
  'deploy.tracking.pin':
    'Die genauen Gewichte oder die API-Version festschreiben und ihre Prüfsumme neben der Version der Anwendung führen.',
  'deploy.tracking.watch':
    'Veröffentlichungen, Sicherheitshinweise und Abkündigungen des Herausgebers monatlich verfolgen.',
  'deploy.tracking.compare':
    'Vor einem Wechsel: die eigene Bewertungsmenge, der Abnahmetest und eine Woche mit einem kleinen Teil der echten Last.',
  'deploy.tracking.back': 'Die frühere Version ladbar halten, bis die neue einen Monat gelaufen ist.',
  'deploy.observability': 'Einzurichtende Überwachung',
  'deploy.watch.latency': 'Latenz',
  'deploy.watch.latency.text':
    'TTFT und TPOT als Perzentile je Minute; Alarm, wenn weniger als {percentile} der Anfragen {ttft} und {tpot} einhalten.',
  'deploy.watch.rate': 'Last',
  'deploy.watch.rate.text':
    'Anfragen je Sekunde gegen die Grenze von {limit}; laufende Sequenzen je Replikat (erwartet {running}, Platz für {most}), Länge der Warteschlange, belegter Anteil des KV-Caches.',
  'deploy.watch.power': 'Leistung',
  'deploy.watch.power.text':
    'Aufnahme der Maschinen (erwartet {average} im Mittel, {peak} zur Spitze) und Energie je Ausgabe-Token.',
  'deploy.watch.quality': 'Qualität',
  'deploy.watch.quality.text':
    'Von Nutzern bewertete Antworten und jede Nacht eine feste Bewertungsmenge; Alarm bei einem Abfall, nicht nur bei Fehlern.',
  'deploy.watch.cost': 'Kosten',
  'deploy.watch.cost.text':
    'Geld im Monat gegen die {month} des Plans, und Token je Anwendung, damit jede Stelle ihre Rechnung sieht.',

  'acceptance.intro':
    'Der Pilot betreibt {option} und wird mit {rate} Anfragen je Sekunde belastet. Die Anfragen haben im Mittel {input} Eingabe-Token (p95 {inputP95}) und {output} Ausgabe-Token (p95 {outputP95}), möglichst aus echter Nutzung gezogen.',
  'acceptance.table': 'Schwellen',
  'acceptance.ttft': 'Zeit bis zum ersten Token, {percentile} der Anfragen',
  'acceptance.tpot': 'Zeit je weiterem Token, {percentile} der Anfragen',
  'acceptance.end-to-end': 'Ganze Antwort, {percentile} der Anfragen',
  'acceptance.output': 'Ausgabe zur Spitze',
  'acceptance.replica': 'Rate, die ein Replikat innerhalb der Ziele trägt',
  'acceptance.power': 'Aufnahme zur Spitze',
  'acceptance.how.latency': 'am Client, über 30 Minuten zur Spitze, Aufwärmanfragen nicht gezählt',
  'acceptance.how.workload': 'wie oben, während alle Anwendungen laufen; gezählt werden nur deren Anfragen',
  'acceptance.how.output': 'Ausgabe-Token fertiger Anfragen über dieselben 30 Minuten',
  'acceptance.how.replica': 'die Rate auf einem Replikat stufenweise erhöhen, bis ein Ziel verfehlt wird',
  'acceptance.how.power': 'am Zähler des Racks, Mittel über fünf Minuten',
  'acceptance.how.quality':
    'gleiches Prüfwerkzeug und gleiche Bedingung ({setting}), mit dem Gewichtsformat des Betriebs',
  'acceptance.steps': 'Ablauf',
  'acceptance.step.load': 'Offene Last: Anfragen kommen nach der Uhr, ob frühere fertig sind oder nicht.',
  'acceptance.step.steady': 'Zwei Stunden zur Spitze, dann ein Tag nach dem erwarteten Verlauf.',
  'acceptance.step.fail':
    'Zur Spitze eine Maschine wegnehmen und prüfen, ob die Ziele halten, soweit Reserve geplant ist.',
  'acceptance.step.record':
    'Version des Programms, Treiber, Prüfsumme der Gewichte, Einstellungen und Rohmessungen mit dem Ergebnis aufbewahren.',
  'acceptance.rule': 'Bestanden',
  'acceptance.rule.text':
    'Wenn in zwei Läufen an verschiedenen Tagen jede Schwelle eingehalten ist. Ein Verfehlen ist für sich kein Versagen des Anbieters: gemessene Werte lassen sich in den Plan einsetzen, der dann sagt, was zu ändern ist.',

  'rfp.intro':
    'Die Mengen sind die dieses Plans. Um datierte, verbindliche Antworten mit ihren Bedingungen bitten.',
  'rfp.hardware': 'Anbieter von Hardware',
  'rfp.hardware.price':
    'Preis von {servers} × {server} mit insgesamt {accelerators} × {accelerator}: Listenpreis, Rabatt, Steuern, Gültigkeit des Angebots. Bitte jedes Teil nennen, das Sie ersetzen würden, und womit.',
  'rfp.hardware.delivery':
    'Lieferzeit von der Bestellung bis zur laufenden Maschine, und was Sie bei Verzug zahlen.',
  'rfp.hardware.power':
    'Leistung laut Typenschild und gemessen unter Inferenzlast (wir planen {watts} für alle Maschinen), redundante Versorgung, Zulufttemperatur, Lärm.',
  'rfp.hardware.support':
    'Gewährleistung und Support über {months} Monate: Reaktionszeit vor Ort, Preis im Jahr nach der Gewährleistung, Ende von Verkauf und Support.',
  'rfp.hardware.spares':
    'Ersatzteile in Reichweite eines Tages, und ob defekte Laufwerke bei uns bleiben dürfen.',
  'rfp.hardware.firmware':
    'Umgang mit Firmware und Treibern: signierte Aktualisierungen, Unterstützung des gewählten Programms, Sicherheitshinweise.',
  'rfp.hardware.embodied': 'CO₂-Fußabdruck der genauen Ausstattung, mit Methode und Datum.',
  'rfp.hardware.takeback': 'Rücknahmepreis oder Restwert am Ende der Nutzung.',
  'rfp.colocation': 'Anbieter von Colocation',
  'rfp.colocation.power': 'Leistung je Rack, Preis je kW und Monat, Mindestmenge, Anschlusskosten.',
  'rfp.colocation.pue': 'Gemessene PUE und WUE der Halle in den letzten zwölf Monaten.',
  'rfp.colocation.energy': 'Stromvertrag: Preisformel, Nachweise, Residualmix.',
  'rfp.colocation.growth': 'Für Wachstum vorgehaltener Platz und Leistung, und ihr Preis bis zur Nutzung.',
  'rfp.subscription': 'Anbieter von Hardware nach Nutzung',
  'rfp.subscription.meter':
    'Was gemessen wird (Stunden, Auslastung, Leistung, Spitzen), wie oft, womit, und wie wir es prüfen können.',
  'rfp.subscription.base': 'Zugesagte Grundmenge über {months} Monate, und ob sie sinken oder steigen darf.',
  'rfp.subscription.price':
    'Preis je zugesagter Einheit und je Einheit darüber, Preisanpassung, Obergrenze, Mindestrechnung, Einrichtung und Lieferung.',
  'rfp.subscription.growth':
    'Vorgehaltene Kapazität vor Ort, Lieferzeit für mehr, und die Grundmenge dessen, was dazukommt.',
  'rfp.subscription.energy': 'Was der Preis enthält: Strom, Wartung, Ersatzteile, Netzwerk, Personal.',
  'rfp.subscription.exit':
    'Preis und Frist eines vorzeitigen Endes, Kaufpreis am Ende, Rückgabe und Löschung der Laufwerke.',
  'rfp.cloud': 'Cloud-Anbieter',
  'rfp.cloud.price':
    'Preis über {months} Monate: auf Abruf, für ein und drei Jahre reserviert, und was bei vorzeitigem Ausstieg geschieht.',
  'rfp.cloud.capacity':
    'Zugesicherte Kapazität in der Region, und wie lange der Ersatz einer verlorenen Instanz dauert.',
  'rfp.cloud.residency':
    'Regionen, Unterauftragnehmer, Zugriff des Supports aus anderen Ländern, Verwaltung der Schlüssel.',
  'rfp.cloud.egress':
    'Preise für Daten nach außen, Speicherplatz, Lastverteilung und Support, die der Instanzpreis nicht enthält.',
  'rfp.cloud.carbon': 'Emissionen unserer Nutzung auf beiden Grundlagen, monatlich, mit Methode.',
  'rfp.cloud.exit': 'Hilfe, Zeit und Kosten beim Ausstieg.',
  'rfp.api': 'API-Anbieter',
  'rfp.api.price':
    'Preis für {input} Millionen Eingabe- und {output} Millionen Ausgabe-Token im Monat: zwischengespeicherte Eingabe, Stapelbetrieb, Mengenrabatt, Denk-Token, Mindestabnahme.',
  'rfp.api.sla':
    'Zugesicherte Latenz ({ttft} bis zum ersten Token, {tpot} je weiterem) und Verfügbarkeit, und was Sie zahlen, wenn sie verfehlt werden.',
  'rfp.api.limits':
    'Grenzen der Rate, und ob {rate} Anfragen je Sekunde zur Spitze schriftlich zugesagt werden.',
  'rfp.api.data':
    'Wo Ein- und Ausgaben verarbeitet und aufbewahrt werden, wie lange, und dass sie kein Modell trainieren.',
  'rfp.api.versions':
    'Wie lange eine Version verfügbar bleibt, Vorlauf vor Änderungen, Quantisierung des Betriebs.',
  'rfp.api.carbon': 'Energie, Emissionen und Wasser je Million Token, mit Methode.',
  'rfp.all': 'Alle Anbieter',
  'rfp.all.test': 'Nehmen Sie den Abnahmetest dieses Berichts als Bedingung der Zahlung an?',
  'rfp.all.law': 'Welche Zertifikate und Prüfberichte sind gültig, und dürfen wir sie lesen?',
  'rfp.all.references':
    'Welche Kunden unserer Größe betreiben dasselbe Modell auf denselben Maschinen, und dürfen wir mit einem sprechen?',

  'assumptions.none': 'Der Plan enthält keine Anmerkungen.',
  'assumptions.intro':
    '{warnings} Warnungen, {assumptions} Annahmen und {information} Hinweise. Ein Wert, den das Szenario vorgibt, ersetzt die Annahme.',
  'assumptions.quotes':
    'Was in Anführungszeichen steht, ist der Wortlaut des Katalogs (englisch), ebenso die Titel von Quellen und die Namen von Maschinen und Orten.',
  'assumptions.user-rows': '{n} Zeilen des Katalogs sind eigene des Nutzers.',
  'assumptions.table': 'Alle Anmerkungen des Plans und der verglichenen Optionen',
  'sources.intro':
    'Katalog {version} vom {date}, Prüfsumme {hash}…: dasselbe Szenario und derselbe Katalog ergeben wieder denselben Bericht.',
  'sources.explanation': 'Wie die Werte berechnet wurden: {option}',
  'sources.formulas': 'Formeln',
  'sources.table': 'Quellen',

  'what-if.title': 'Was wäre, wenn',
  'what-if.lead':
    'Eine Annahme ändern und die Optionen neu sehen. Die Maschinen werden vom Code des Planers neu gezählt; gesucht wird nicht noch einmal.',
  'what-if.users': 'Nutzer',
  'what-if.demand': 'Last, % des Plans',
  'what-if.volume': 'Menge bei gleicher Spitze, % des Plans',
  'what-if.share': 'Vom kleinen Modell eines Paars beantwortet (%)',
  'what-if.pair': 'Paar · {roles} · {models}',
  'what-if.large-alone': 'Großes Modell allein · {roles} · {model}',
  'what-if.electricity': 'Strompreis ({currency}/kWh)',
  'what-if.horizon': 'Zeitraum (Monate)',
  'what-if.discount': 'Kalkulationszins (% im Jahr)',
  'what-if.reset': 'Wie im Plan',
  'what-if.table': 'Optionen unter diesen Annahmen',
  'what-if.figure.replicas': 'Replikate',
  'what-if.figure.accelerators': 'Beschleuniger',
  'what-if.figure.headroom': 'Reserve',
  'what-if.figure.upfront': 'Zu Beginn gezahlt',
  'what-if.figure.total': 'Kosten über den Zeitraum',
  'what-if.figure.npv': 'Kapitalwert der Kosten',
  'what-if.figure.tokens': 'Je Million Token',
  'what-if.figure.carbon': 'CO₂e im Jahr',
  'what-if.was': 'Plan: {value}',
  'what-if.off': 'Diese Regler brauchen Skripte. Ohne sie zeigt der Bericht den Plan, wie er ist.',
  'what-if.status': 'Am günstigsten unter diesen Annahmen: {option}, {cost}.',
  'what-if.invalid':
    'Ein Wert fehlt oder liegt außerhalb seiner Spanne; die Tabelle zeigt die letzten gültigen.',
} as const
