/**
 * The words that the rules of `categories.ts` are made of: English, German, French, Spanish, Portuguese and Italian. Plain
 * spelling without accents is enough (both sides are folded); `*` matches any ending. The lists hold what matching needs and
 * no more; a word that is harmless in another of these languages ("kind", "nudo", "nina") stands only inside a phrase.
 */

const list = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter(Boolean)

export const terms = {
  /** Phrases that are not what their words say. They are taken out before anything else is looked for. */
  harmless: list(`
    naked eye, naked mole*, naked truth, naked flame*, naked cake*, naked gun, naked chef, naked lunch, naked juice, naked tree*, naked branch*
    naked and afraid, naked neck, nude colo*, nude tone*, nude shade*, nude lipstick*, nude palette*, nude heel*, nude makeup, nude nail*
    nude statue*, nude sculpture*, naked statue*, nude beach*, nude descending, nackten auge*, blossem auge, nacktmull*, nacktschneck*, oeil nu
    pieds nus, tete nue, mains nues, sex education, sex ed, sexual education, sexual health, sexually transmitted, sexual orientation, sexual reproduction
    same sex, opposite sex, biological sex, sex ratio, sex chromosome*, sex of, sex pistols, sex and the city, sex discrimination
    education sexuelle, sante sexuelle, educacion sexual, salud sexual, educacao sexual, saude sexual, educazione sessuale, salute sessuale
    sexe de l, sexe du bebe, sexo del, sexo do, sesso del, baby oil, baby doll*, baby blue, baby face*, baby bump, baby shower, oh baby, hey baby
    gothic lolita, lolita fashion, lolita dress*, kinder egg*, kinder chocolate, kinder surprise, bath bomb*, photo bomb*, seed bomb*, water bomb*
    glitter bomb*, smoke bomb*, paint bomb*, cherry bomb*, bombe glacee, bombe de bain, bombe a eau, bomba de agua, bomba dagua, bomba d agua
    bomba de calor, bomba da bagno, bombe eau, goddess isis, isis goddess, temple of isis, isis temple, isis and osiris, isis und osiris, veil of isis`),

  minor: list(`
    child, children, childs, kid, kids, toddler*, preteen*, pre teen*, underage*, under age, minors, minor girl*, minor boy*, schoolgirl*, schoolboy*
    schoolchild*, school girl*, school boy*, little girl*, little boy*, young girl*, young boy*, small girl*, small boy*, teen, teens, teenage*
    adolescent*, kindergart*, elementary school*, primary school*, middle school*, graders, grader, prepubescent*, pre pubescent*, loli, lolis, lolita*
    shota, shotas, jailbait
    kinder, kindern, kindes, ein kind, das kind, kleines kind, nacktes kind, kleinkind*, madchen, maedchen, minderjahrig*, minderjaehrig*
    schulerin*, schuelerin*, schulmadchen, jugendliche*, kleiner junge, kleinen jungen
    enfant*, fillette*, gamine*, petite fille*, petites filles, petit garcon, petits garcons, jeune fille, jeunes filles, fille mineure, mineure, mineures, ecoliere*, lyceenne*, collegienne*
    ninas, ninos, una nina, nina pequena, nina desnuda, nina de, nino de, un nino, el nino, nino desnudo, menor de edad, menores de edad, colegiala*
    crianca*, menina*, menino*, menor de idade, menores de idade
    bambina*, bambine, bambino*, bambini, minorenn*, ragazzina*, ragazzine, ragazzino*, ragazzini`),

  infant: list(`
    baby, babies, newborn*, infant, infants, neugeboren*, saugling*, bebe, bebes, nourrisson*, recien nacid*, recem nascid*, neonat*`),

  infant_care: list(`
    breastfe*, nursing, latch*, midwife*, birth, newborn care, diaper*, nappy, bath, bathing, pediatric*, paediatric*, vaccin*, skin to skin
    gestillt, stillen, stillt, hebamme*, geburt, wickel*, allait*, accouch*, sage femme, lactancia, amamanta*, parto, amamenta*, allatta*, ostetric*`),

  /** Acts and genre: never beside a child. */
  sexual: list(`
    porn*, pr0n, hentai, xxx, sex, sexo, sexe, sesso, sexual, sexually, sexuell*, sexuel*, sessual*, sexuales, sexuais, sexualiz*, sexualis*
    sexting, erotic*, erotisch*, erotique*, erotik*, erotism*, nsfw, blowjob*, blow job*, handjob*, masturbat*, masturbier*, orgasm*, genital*
    vagina*, penis, anal, fetish*, bdsm, striptease*, stripper*, orgy, orgies, gangbang*, having intercourse, fucks, fucked, fuck, make love
    making love, incest*, aroused, lewd, ecchi, upskirt*, geschlechtsverkehr, rapport sexuel*, follando, coito, baise, transando, scopando`),

  sexual_crime: list(`
    rape, raped, raping, rapes, molest*, sexual abuse, sexual assault, sexual exploitation, sexually abus*, sexual violence, groped, groping
    vergewaltig*, sexueller missbrauch, sexuellen missbrauch, sexuell missbraucht, agression sexuelle, abus sexuel*, violee, violees, abuso sexual
    abusos sexuales, violada, violadas, estupr*, abuso sessuale, abusi sessuali, stuprat*, stupro`),

  public_debate: list(`
    prevent*, awareness, survivor*, victim support, helpline*, hotline*, charity, charities, inquiry, investigat*, report on, reports on, reporting, news
    law, laws, legislation, court, trial, hearing, campaign*, police, protect*, against, documentary, fight, combat*, psa, statistics
    gegen, schutz*, pravention*, praevention*, aufklarung*, kampagne*, nachrichten, gericht, gesetz*, contre, lutte, campagne*, loi
    contra, prevenc*, campana*, ley, noticias, campanha*, lei, noticia*, contro, prevenz*, legge, notizie`),

  bare: list(`
    nude, nudes, nudity, naked, nakedness, topless, undressed, unclothed, unclad, without clothes, without any clothes, no clothes, no clothing
    bare breast*, bare butt*, nackt*, unbekleidet*, entkleidet*, ohne kleidung, ohne kleider, oben ohne, nue, nues, tout nu, tous nus, denude*
    deshabille*, sans vetement*, desnud*, sin ropa, nua, nuas, nu, pelada*, sem roupa*, nuda, nudi, tutto nudo, completamente nudo, spogliat*
    senza vestiti`),

  clothing: list(`
    clothes, clothing, clothed, garment*, dressed, kleidung, kleider, bekleidet, angezogen, vetement*, habille*, ropa, vestido*, vestida*, roupa*, vestiti
    vestit*, abiti, abbigliamento`),

  /** In the plural, or with what makes it a person: "adult" alone is a kind of picture to most who do not want it. */
  adults: list(`
    adults, adult woman, adult women, adult man, adult men, adult person*, grown up*, grownup*, grown woman, grown women, grown man, grown men, over 18
    erwachsene*, adultes, femme adulte, homme adulte, adultos, adultas, mujer adulta, mulher adulta, adulti, donna adulta`),

  alluring: list(`
    sexy, seductive*, sensual*, lingerie, in underwear, in panties, thong, strips, stripping, undress, undresses, undressing, see through, sinnlich*
    verfuhrerisch*, in unterwasche, dessous, reizwasche, seduisant*, lascive*, en sous vetements, seductora*, lenceria, sedutora*, sensuais
    seducente*, provocante*`),

  /** Names of the thing itself, in whatever company. */
  minor_abuse: list(`
    child porn*, childporn*, kiddie porn*, kid porn*, kidporn*, teen porn*, lolicon*, shotacon*, csam, pthc, pedoporn*, paedoporn*, pedo porn*, jailbait*
    kinderporn*, enfants porn*, pornographie infantile, pedopornograph*, pornografia infantil, pornografia infantile, pedopornograf*`),

  real_person: list(`
    celebrity, celebrities, famous actress*, famous actor*, famous singer*, real person, real people, real woman, real women, real man, my ex, ex girlfriend
    ex boyfriend, ex wife, ex husband, classmate*, coworker*, co worker*, colleague*, my teacher, my neighbo*, my boss, my sister, my friend*
    this woman, this girl, this person, this man, woman in the photo, girl in the photo, person in the photo, woman in the picture
    meine ex, meiner ex, mitschuler*, kollegin*, kollege*, meine lehrerin, meine nachbarin, diese frau, mon ex, ma collegue, ma voisine, cette femme
    mi ex, companera de clase, mi vecina, esta mujer, minha ex, minha vizinha, esta mulher, essa mulher, la mia ex, compagna di classe
    la mia vicina, questa donna`),

  intimate_deception: list(`
    nudify*, deepnude*, deepfake porn*, deepfake nude*, deep fake porn*, deep fake nude*, deepfake sex*, revenge porn*, undress her, undress him
    undress them, undress this, undress my, remove her cloth*, remove his cloth*, remove their cloth*, remove the cloth*, take off her clothes
    take her clothes off, take his clothes off, strip her naked, strip him naked, make her naked, make her nude, make him naked, make him nude
    see through her clothes, upskirt*, rachepornos, racheporno, zieh sie aus, ausziehen lassen ohne, porno vengeance, deshabille la, porno vengativ*
    desnudala, quitale la ropa, pornografia de vinganca, tire a roupa dela, revenge porno, spogliala, togli i vestiti`),

  weapon: list(`
    nerve agent*, nerve gas, sarin, novichok, vx, tabun, mustard gas, chlorine gas, phosgene, dirty bomb*, pipe bomb*, nail bomb*, car bomb*, pipebomb*
    nuclear bomb*, atomic bomb*, nuclear weapon*, bioweapon*, biological weapon*, chemical weapon*, anthrax, ricin, explosive vest*, suicide vest*
    ied, ieds, bomb, bombs, bombmaking, explosive, explosives, tatp, molotov*, rohrbombe*, nagelbombe*, bombe, bomben, bombenbau*, sprengstoff*, sprengsatz*
    giftgas, nervengas, kampfstoff*, milzbrand, rizin, bombes, explosif, explosifs, gaz moutarde, gaz sarin, arme chimique, armes chimiques
    bomba, bombas, explosivo, explosivos, gas nervioso, gas sarin, arma quimica, armas quimicas, arma biologica, explosivas, ordigno, ordigni, esplosivo, esplosivi, gas nervino
    arma chimica`),
  making: list(`
    make, making, build, building, construct, assemble, assembling, synthesi*, produce, producing, cook, cooking, weaponi*, enrich, manufactur*
    bauen, baut, baue, herstell*, bastel*, bombenbau*, fabriquer, fabrique, construire, faire, preparer, hacer, fabricar, construir, hago, fazer, montar, faco
    fare, costruire, fabbricare, costruisco`),
  instructing: list(`
    how to, how do i, how do you, how can i, step by step, instructions, instruction, tutorial, recipe, guide, diy, blueprint*, show me how, teach*
    anleitung*, wie man, wie baut, wie baue, wie bastel*, wie kann ich, bauplan*, comment, mode d emploi, tutoriel*, recette*, etape par etape
    como, paso a paso, instrucciones, receta*, receita*, passo a passo, instrucoes, istruzioni, ricetta*, come fare, come costruire, come si`),
  not_a_weapon: list(`
    surviv*, safe, safety, protect*, against, defus*, disarm*, detect*, shelter*, escape, documentary, history, historical, museum, kit, prop, props, cake, cakes
    costume*, model, lego, minecraft, game, games, report*, recogni*, prevent*, cleanup, dessert*, chocolate, hot chocolate, origami
    schutz*, entscharf*, uberleb*, geschichte, torte*, kuchen, desamorcer, histoire, gateau, pastel, historia, desactivar, bolo, torta, disinnescare, storia`),

  killing: list(`
    kill, exterminate, gas, massacre, slaughter, shoot, hang, lynch, burn, death to, totet, vergast, erschiesst, tod den, tuez, exterminez, mort aux
    maten, matad, exterminen, muerte a, matem, morte aos, uccidete, sterminate, morte agli`),
  peoples: list(`
    jews, muslims, christians, black people, white people, immigrants, migrants, refugees, foreigners, gays, homosexuals, trans people, roma, gypsies, infidels
    juden, muslime, auslander, auslaender, fluchtlinge, fluechtlinge, schwule, juifs, musulmans, arabes, etrangers, judios, musulmanes, inmigrantes, judeus
    muculmanos, imigrantes, ebrei, musulmani, immigrati`),
  history: list(`
    documentary, holocaust, shoah, history, historical, historian, nazi*, wanted to, planned to, tried to, museum, trial, testimony, survivor*, never again
    dokumentation*, geschichte, documentaire, documental, documentario`),

  terror: list(`
    isis, isil, daesh, islamic state, al qaeda, al qaida, alqaeda, boko haram, al shabaab, atomwaffen division, islamische* staat*, etat islamique, estado islamico
    stato islamico, christchurch shoot*, christchurch attack*, breivik, brenton tarrant, utoya attack*, halle attent*, bataclan attack*, suicide bombers, terrorists, terroristen, terroristes
    terroristas, terroristi, mass shooters, school shooters`),
  praising: list(`
    glorif*, praise, praises, praising, tribute to, heroic, heroes, in honour of, in honor of, long live, join, recruitment, recruiting, propaganda, pledge allegiance
    celebrat*, verherrlich*, hoch lebe, ruhm, rekrutierung*, schliesst euch, heldenhaft*, gloire, vive, rejoignez, glorifi*, heroique*, gloria, viva, unete, unanse, heroic*, junte se
    glorific*, unitevi, eroic*, eroi`),
  opposing: list(`
    defeat*, against, fall of, end of, liberat*, victory over, freed, fight*, victim*, fled, flee*, escap*, how, analysis, analys*, expos*, counter*, deradicali*, documentary, stop*, prevent*
    niederlage, befrei*, opfer*, gegen, defaite, victime*, contre, derrota, victima*, contra, sconfitta, vittim*, contro, condemn*, goddess, egypt*, osiris, gottin, agypt*`),

  self_harm: list(`
    kill yourself, kill urself, kys, hang yourself, cut yourself, harm yourself, end your life, commit suicide, committing suicide, kill myself, slit your wrist*
    slit my wrist*, starve yourself, bring dich um, tote dich, nimm dir das leben, selbstmord begeh*, mich umbringen, tue toi, suicide toi, suicidez vous
    me suicider, matate, suicidate, suicidarme, suicidarse, cortarte, se mata, mate se, se mate, me matar, ammazzati, ucciditi, suicidati
    suicidarmi, suicidarsi`),
  urging: list(`
    you should, you must, just, go, go and, better off, how to, best way, easiest way, painless way, ways to, encourag*, convinc*, persuad*, tells viewers to, urges, challenge, tutorial, instructions
    du solltest, los, einfach, geh, wie man, anleitung*, wie kann ich, am besten, tu devrais, vas y, comment, meilleure facon, deberias, como, mejor manera, anda
    deverias, voce deveria, melhor maneira, dovresti, come, vai, modo migliore, kill yourself now, kys, tue toi, bring dich um`),
  thinness: list('pro ana, proana, pro mia, thinspo, thinspiration, pro suicide, pro self harm'),
  helping: list(`
    prevent*, helpline*, hotline*, awareness, recover*, surviv*, support, counsel*, charity, therap*, stop*, warning signs, talk to, bereave*, help for
    pravention*, praevention*, hilfe, beratung*, prevenir, prevenc*, ayuda, ajuda, aide, prevenz*, aiuto`),

  threatening: list(`
    i will kill, i ll kill, i m going to kill, i am going to kill, gonna kill, we will kill, i will shoot, i ll shoot, i will burn, i ll burn, i will hurt, i ll hurt
    i will find you, i ll find you, we will find you, we know where you live, i know where you live, you will die, you re dead, going to burn down, you are going to die
    ich bringe dich um, ich tote dich, ich werde dich, wir finden dich, wir wissen wo du wohnst, ich weiss wo du wohnst, je vais te tuer, on va te tuer, je sais ou tu habites
    te voy a matar, voy a matarte, se donde vives, sabemos donde vives, vou te matar, sei onde voce mora, ti uccidero, ti ammazzo, so dove abiti, so dove vivi`),
  locating: list(`
    home address, lives at, living at, live at, your address is, her address, his address, phone number, license plate, licence plate, home on, street, st, avenue, ave, road
    rd, lane, postcode, zip code, adresse, wohnt in, wohnst in, strasse, telefonnummer, kennzeichen, habite au, habites au, rue, numero de telephone, vive en, vives en
    calle, direccion, numero de telefono, matricula, mora na, mora em, rua, endereco, abita in, abiti in, via, indirizzo, numero di telefono`),
} as const satisfies Record<string, readonly string[]>

export type ListName = keyof typeof terms
