/**
 * The words that choose a picture and its sound; `read.ts` says how they are found. A word may end in `*` to stand for all
 * that begin so; a hyphen joins words that count only next to each other; Han and Kana are looked for anywhere in the text,
 * Hangul at the beginning of a word.
 */

// biome-ignore format: a list of words reads better in lines
export type Setting =
  | 'sea' | 'lake' | 'mountains' | 'hills' | 'forest' | 'city' | 'desert' | 'field' | 'clouds' | 'space' | 'underwater'
  | 'fire' | 'lights' | 'silk'
/** What stands behind a lake. */
export type Shore = 'mountains' | 'hills' | 'forest'
export type Time = 'dawn' | 'day' | 'golden' | 'dusk' | 'night' | 'neon'
export type Weather = 'clear' | 'rain' | 'storm' | 'snow' | 'fog'
export type Mood = 'calm' | 'joyful' | 'sad' | 'tense' | 'wonder'
export type Pace = 'slow' | 'even' | 'fast'
export type Move = 'push' | 'pull' | 'left' | 'right' | 'rise'
export type Subject = 'boat' | 'birds' | 'tree' | 'house' | 'lighthouse'

export interface Look {
  setting: Setting
  shore?: Shore
  time: Time
  weather: Weather
  mood: Mood
  pace: Pace
  move?: Move
  subject?: Subject
  tint?: string
  monochrome: boolean
}

/**
 * Words that name a thing. `nothing` holds words that only begin or sound like one of the group's: of two that fit, the
 * longer counts.
 */
export const lexicon = {
  setting: {
    underwater:
      'underwater submarine coral* reef* seabed jellyfish diver divers diving scuba unterwasser sous-marin submarino 海底 水中 水下 바닷속',
    space:
      'space galax* planet planets nebula* cosmos cosmic astronaut* spaceship* spacecraft universe weltraum weltall espace espacio spazio космос галактик* 宇宙 太空 银河 銀河 星空 우주 فضاء',
    fire: 'fire fires firelight fireplace* wildfire* flame flames flaming bonfire* campfire* ember embers volcan* lava inferno feuer lagerfeuer flamme* vulkan* feu incendie fuego fuoco fogo огонь пламя 火 炎 불꽃 نار',
    city: 'city cities cityscape* town towns downtown street* skyline* urban skyscraper* tokyo york london paris traffic alley* metropolis metropolitan rooftop* subway stadt straße* strasse* ville rue ciudad calle città cidade rua город* улиц* 都市 都会 街 城市 东京 東京 上海 渋谷 도시 거리 مدينة شارع',
    sea: 'sea seas ocean* beach* wave waves coast coasts coastal coastline* seaside seashore harbo* marina surfer* surfing lighthouse* bay island islands meer ozean strand küste* mer plage vague* mar playa* olas mare onde spiaggia praia море океан* волн* 海 海岸 波 浜 大海 바다 해변 파도 بحر شاطئ',
    lake: 'lake* pond ponds river* riverside stream streams creek* brook waterfall* lagoon* fjord* reservoir* lac lago laghi fluss flüsse bergsee rivière* fleuve río fiume озер* озёр* река реке реки реку рекой 湖 池 川 河 호수 강가 بحيرة نهر',
    desert:
      'desert deserts dune* sahara camel camels cactus cacti oasis wüste* dünen desierto deserto пустын* 砂漠 沙漠 사막 صحراء',
    forest:
      'forest* woods woodland* jungle* rainforest* grove groves wald wälder foret* bosque* selva foresta bosco floresta лес лесу леса лесом 森 森林 林 숲 غابة',
    mountains:
      'mountain* alps alpine peak peaks summit* cliff* canyon* gorge* glacier* everest himalaya* fuji berg berge bergen gebirge montagne* montaña* monte montanha* гора горы горах горами 山 高山 雪山 富士 산 جبل جبال',
    field:
      'field* meadow* grass grasses grassland* grassy flower* garden* farm farms farmland prairie* wheat savanna* park parks orchard* vineyard* bloom* blossom* wiese* blume* feld felder garten champ champs fleur* jardin* prado* flor flores campo* giardin* поле полях цветы цветок цветов цветущ* сад саду 花 草原 野原 花园 꽃 들판 زهور حقل',
    hills:
      'hill hills hillside* hilltop* valley* landscape* countryside village* castle* hügel* tal täler colline* vallée* colina* valle valles холм* долин* 丘 谷 田舎 风景 언덕 وادي',
    lights:
      'kitchen* coffee cafe cafes room rooms bedroom* interior* studio studios restaurant* library office* 카페',
    silk: 'abstract* gradient* silk silks silken 抽象',
    nothing:
      'cosmopolit* flamenco* field-hockey fire-truck* fire-engine* fire-department* fire-escape* street-food 火花 山羊 海鲜 海報 海报 江山 산책 산소 富士通',
  },
  time: {
    neon: 'neon cyberpunk synthwave vaporwave blade-runner ネオン 霓虹 赛博 네온 نيون',
    dawn: 'dawn sunrise sunrises sun-rises sun-rising daybreak morning* morgen* sonnenaufgang aube matin amanecer mañana* alba mattina amanhecer manhã рассвет* утр* 夜明け 朝 黎明 日出 清晨 새벽 아침 فجر شروق صباح',
    golden:
      'golden-hour golden-light autumn* herbst* automne otoño autunno outono осен* 秋 秋天 黄金 金色 가을 خريف ذهبي',
    dusk: 'dusk sunset* sun-sets sun-setting twilight evening* sundown dämmerung sonnenuntergang abend* crépuscule soir soirée coucher atardecer ocaso tramonto anoitecer закат* вечер* 夕 夕日 夕焼け 黄昏 日落 노을 저녁 غروب مساء',
    night:
      'night nights nighttime nightfall midnight moon moons moonlight moonlit moonrise stars starlight starlit starry nacht* mond mondlicht mondschein sterne* nuit* lune étoile* noche* luna estrella* notte stelle noite lua ноч* лун* звезд* звёзд* 夜 月 星 晚 深夜 밤 달 별 ليل ليلة قمر نجوم',
    day: 'day daytime daylight noon midday sunny jour journée mediodía día giorno день днём днем 昼 太陽 夏 晴 白天 阳光 여름 نهار شمس صيف',
    nothing:
      '一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月 月曜 星期 明星 달리* 달려* 달린* 달콤* 별명 밤색',
  },
  weather: {
    storm:
      'storm* thunder* lightning hurricane* tornado* gewitter* sturm* orage* tempête* tormenta* tempesta* tempestade* шторм* гроз* 嵐 雷 暴风 폭풍 عاصفة',
    rain: 'rain* drizzl* wet umbrella* regen* pluie* lluvia* pioggia chuva дожд* 雨 비 مطر',
    snow: 'snow* winter* blizzard* frost* frozen ice icy schnee* eis hiver neige* nieve invierno neve inverno снег* снеж* зим* 雪 冬 눈보라 겨울 ثلج شتاء',
    fog: 'fog* mist misty haze hazy smok* nebel* brume* brouillard niebla nebbia neblina туман* 霧 雾 안개 ضباب',
    nothing:
      'rainbow* rainforest* regenbogen* regenwald* regener* stormtrooper* frosting frosted snowdrop* ice-cream* frozen-yog* 雪糕 雪茄 비행* 비밀* 비누* 비교*',
  },
  mood: {
    joyful:
      'joy joys joyful* joyous* happy happi* celebrat* party parties danc* fun laugh* play plays playing playful* cheer* sunny birthday* wedding* freude* fröhlich* froh joie heureu* alegr* feliz gioia feli* радост* счаст* 嬉 楽 快乐 欢 행복 سعيد فرح',
    sad: 'sad sadly sadness lonely alone melanchol* grief cry cries cried crying tears farewell loss lost traurig* einsam* triste* tristesse soledad грус* одинок* 悲 寂 孤独 伤 슬픔 외로 حزين وحيد',
    tense:
      'tense dark danger* war wars battle* horror scary chase* fight fights fighting threat* monster* dramatic angst krieg guerre guerra peur miedo paura война страх 戦 怖 战争 恐 전쟁 خوف حرب',
    wonder:
      'wonder* magic* myst* dream* fantas* epic ancient sacred ethereal aurora* galax* magisch* zauber* magique волшеб* 魔法 神秘 夢 梦 마법 سحر',
    calm: 'calm* quiet* peace* gentle gently soft softly silent* seren* tranquil* still stillness slow slowly ruhig* stille calme* douce* suave* calma тих* спокой* 静 穏 宁静 평온 هادئ سلام',
    nothing: '音楽 喜欢 still-life',
  },
  pace: {
    fast: 'fast faster quick* speed* race races racing racer* run running runs rush rushes rushing chase* drive drives driving gallop* action energetic dynamic timelapse time-lapse hyperlapse schnell* rapide* vite rápid* veloce* быстр* 速 疾 빠른 سريع',
    slow: 'slow slowly slow-motion calm* gentl* quiet* drift* float* serene peaceful still langsam* lent lente lento lenta despacio медленн* 静 ゆっくり 穏 慢 천천히 بطيء هادئ',
    nothing: 'fast-food speedo*',
  },
  move: {
    pull: 'zoom-out zooms-out pull-back pulls-back pulls reveal* wide',
    rise: 'rise* rising ascend* crane-shot drone aerial above soar* lift*',
    left: 'left leftwards links gauche izquierda sinistra',
    right: 'right rightwards pan pans panning tracking rechts droite derecha destra',
    push: 'zoom* push* dolly toward* towards approach* close-up closer into',
    nothing: 'golf-links right-now left-alone left-behind',
  },
  subject: {
    lighthouse: 'lighthouse* leuchtturm phare faro farol маяк 灯台 灯塔 등대 منارة',
    boat: 'boat* ship ships sail* fisher* canoe* kayak* yacht* boot schiff* bateau* barco* barca лодк* корабл* 船 舟 배 قارب سفينة',
    birds:
      'bird* gull gulls seagull* eagle* crow crows swallow swallows goose geese heron* vogel oiseau* pájaro* uccell* pássaro* птиц* чайк* 鳥 鸟 새 طيور',
    house:
      'house houses cabin cabins hut huts cottage* home homes village* barn* haus häuser hütte* maison* casa casas cabaña* дом изб* 家 小屋 木屋 房子 집 بيت',
    tree: 'tree oak baum arbre árbol albero árvore дерево 木 树 나무 شجرة',
    nothing: '宇宙船 飞船 木曜 木製 木质 作家 画家 家族 国家 大家 새벽 새로* 새해 배경* 배우* 배고* 집중*',
  },
  tint: {
    red: 'red crimson scarlet rot rouge rojo rosso vermelh* красн* 赤 红 빨간 أحمر',
    pink: 'pink rose rosa cherry sakura rosado 桜 樱 粉 розов* وردي',
    violet: 'violet purple lavender lila violett morado viola roxo фиолет* 紫 보라 بنفسجي',
    teal: 'teal turquoise cyan emerald türkis turquesa бирюз* 青緑',
    green: 'green grün vert verde зелен* 緑 绿 초록 أخضر',
    blue: 'blue azure blau bleu azul blu син* 青 蓝 파란 أزرق',
    orange: 'orange amber naranja arancio* оранж* 橙 برتقالي',
    gold: 'gold golden золот* 金 ذهبي',
    nothing: 'golden-hour golden-retriever* golden-gate orange-juice 金曜 青春',
  },
  monochrome: {
    yes: 'monochrome grayscale greyscale noir schwarzweiß schwarzweiss noir-et-blanc モノクロ 黑白 흑백',
  },
} as const

/** What is only often found with a thing counts where the group's other words name none. */
export const hints = {
  setting: {
    sea: 'boat* ship ships shipwreck* sail* yacht* surf gull gulls seagull* shore shores shoreline берег*',
    lake: 'water waters canoe* kayak*',
    forest:
      'wood pine pines tree trees fir firs birch* deer wolf wolves fox foxes bear bears fern ferns bäume дерев*',
    city: 'neon cyberpunk taxi* car cars truck* bus buses building* crowd*',
    hills: 'road roads path paths pathway* train trains horse horses sheep cow cows bridge* 火车 火車',
    field: 'spring butterfl* dragonfl* bee bees tulip* sunflower* rainbow*',
    desert: 'sand sands',
    fire: 'dragon dragons drache* burning',
    underwater: 'whale* shark sharks dolphin* octopus* fish',
    space: 'milky-way rocket rockets rakete* orbit orbits orbiting satellite*',
    clouds:
      'cloud* sky skies fly flies flying flight airplane* plane planes balloon* heaven* wings wolke* himmel nuage* ciel nube* cielo nuvem nuvens céu облак* небо неба 雲 空 云 天空 하늘 구름 سماء غيوم',
    lights:
      'portrait* face faces woman* women man men girl girls boy boys child children person people dancer* danc* bride* product* bottle* perfume* watch cat cats kitten* dog dogs puppy puppies party parties concert* candle* christmas wedding* birthday* food cake* ice-cream* firework* frau mann porträt* femme* homme* enfant* mujer* hombre* niña* niño* donna uomo женщин* мужчин* портрет* кошк* кот 猫 犬 女 男 人物 肖像 花火 焰火 烟花 고양이 여자 امرأة رجل قطة',
    silk: 'dream* liquid ink smoke aurora* colour colours color colors colorful colourful light music energy traum* rêve* sueño* sogno sonho мечт* сон 夢 梦 꿈 حلم',
  },
  time: {
    golden: 'golden gold fall warm doré* dorado',
    dawn: 'early',
    night: 'dark darkness star milky-way aurora* firework* candlelight',
    day: 'sun summer blue bright rainbow* tag sonne sommer soleil été sol verano sole estate verão солнц* лет*',
    nothing: 'golden-retriever* golden-gate star-wars price-tag',
  },
} as const
