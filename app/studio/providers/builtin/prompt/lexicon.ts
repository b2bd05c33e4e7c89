/**
 * What words make of a picture and its sound. The table is data: a word may end in `*` to stand for all words that begin
 * so; words of scripts without spaces are looked for anywhere in the text.
 */

// biome-ignore format: a list of words reads better in lines
export type Setting =
  | 'sea' | 'mountains' | 'hills' | 'forest' | 'city' | 'desert' | 'field' | 'clouds' | 'space' | 'underwater' | 'fire'
  | 'lights' | 'silk'
export type Time = 'dawn' | 'day' | 'golden' | 'dusk' | 'night' | 'neon'
export type Weather = 'clear' | 'rain' | 'storm' | 'snow' | 'fog'
export type Mood = 'calm' | 'joyful' | 'sad' | 'tense' | 'wonder'
export type Pace = 'slow' | 'even' | 'fast'
export type Move = 'push' | 'pull' | 'left' | 'right' | 'rise'
export type Subject = 'boat' | 'birds' | 'tree' | 'house' | 'lighthouse'

export interface Look {
  setting: Setting
  time: Time
  weather: Weather
  mood: Mood
  pace: Pace
  move?: Move
  subject?: Subject
  tint?: string
  monochrome: boolean
}

/** In each group, the first entry that matches wins, so the particular stands before the general. */
export const lexicon = {
  setting: {
    underwater:
      'underwater submarine coral* reef* jellyfish whale* shark* dolphin* diver diving unterwasser sous-marin submarino 海底 水中 水下 바닷속',
    space:
      'space galax* planet* nebula* cosm* astronaut* spaceship* rocket* orbit* satellite* universe milky weltraum weltall rakete espace espacio spazio космос галактик* 宇宙 太空 银河 銀河 星空 우주 فضاء',
    fire: 'fire fires firelight fireplace wildfire* flame* bonfire campfire ember* volcan* lava inferno dragon* feuer* flamme* vulkan* feu incendie fuego fuoco fogo огонь пламя 火 炎 불꽃 نار',
    city: 'city cities cityscape town* street* skyline urban downtown neon skyscraper* tokyo york london paris taxi* traffic alley* cyberpunk metropol* rooftop* subway stadt straße strasse ville rue ciudad calle città citta cidade rua город* улиц* 都市 都会 街 城市 东京 東京 도시 거리 مدينة شارع',
    sea: 'sea seas ocean* beach* wave waves coast* shore* sail* ship* boat* harbo* lake* river* water* island* surf* lighthouse bay lagoon meer ozean strand küste kuste mer plage vague* lac mar playa olas lago mare onde spiaggia praia море океан* волн* берег* озер* 海 海岸 波 湖 浜 大海 바다 호수 بحر شاطئ بحيرة',
    desert:
      'desert* dune* sahara camel* sand sands oasis wüste wuste dünen desierto deserto пустын* 砂漠 沙漠 사막 صحراء',
    forest:
      'forest* wood woods woodland* jungle pine* trees fir birch* rainforest deer wolf fox bear fern* wald bäume baume foret bosque selva foresta bosco floresta лес лесу леса дерев* 森 森林 林 숲 غابة',
    mountains:
      'mountain* alps alpine peak* summit* cliff* canyon* glacier* everest himalaya* fuji* berg* gebirge montagne* montana* montaña* monte montanha* гора горы горах 山 高山 雪山 富士 산 جبل جبال',
    clouds:
      'cloud* sky skies fly* flight airplane* plane balloon* heaven* wings wolke* himmel nuage* ciel nube* cielo nuvem nuvens céu ceu облак* небо неба 雲 空 云 天空 하늘 구름 سماء غيوم',
    field:
      'field* meadow* grass* flower* garden* farm* prairie wheat savanna* park bloom* blossom* spring wiese* blume* feld garten champ* fleur* jardin prado flor* campo giardino поле цвет* сад 花 草原 野原 田 花园 꽃 들판 زهور حقل',
    hills:
      'hill* valley* landscape* countryside road* path village* castle* train horse* hügel hugel tal colline* vallée* vallee* colina* valle холм* долин* 丘 谷 田舎 风景 언덕 وادي',
    lights:
      'portrait* face* woman* man girl* boy* child* person people dancer* danc* bride kitchen coffee cafe café room interior studio product* bottle perfume watch cat cats kitten* dog dogs puppy party concert candle* christmas wedding birthday food cake frau mann porträt portrat femme homme enfant mujer hombre niña nina donna uomo женщин* мужчин* портрет* кошк* 猫 犬 女 男 人物 肖像 카페 고양이 여자 امرأة رجل قطة',
    silk: 'abstract* dream* silk* liquid ink smoke aurora* colour* color* gradient* light music energy traum* rêve* reve* sueño* sueno* sogno sonho мечт* сон 夢 梦 抽象 꿈 حلم',
  },
  time: {
    neon: 'neon cyberpunk synthwave vaporwave blade neón ネオン 霓虹 赛博 네온 نيون',
    dawn: 'dawn sunrise daybreak morning* early morgen* sonnenaufgang aube matin amanecer mañana manana alba mattina amanhecer manhã рассвет* утр* 夜明け 朝 黎明 日出 清晨 새벽 아침 فجر شروق صباح',
    golden:
      'golden gold autumn* fall warm herbst doré automne otoño otono dorado autunno outono осен* 秋 秋天 黄金 金色 가을 خريف ذهبي',
    dusk: 'dusk sunset* twilight evening* sundown dämmerung dammerung sonnenuntergang abend crépuscule crepuscule soir coucher atardecer ocaso tramonto anoitecer закат* вечер* 夕 夕日 夕焼け 黄昏 日落 노을 저녁 غروب مساء',
    night:
      'night* midnight dark* moon* star stars starlight starlit starry nacht mond sterne nuit lune étoile* etoile* noche luna estrella* notte stelle noite lua ноч* лун* звезд* 夜 月 星 晚 深夜 밤 달 별 ليل ليلة قمر نجوم',
    day: 'day noon sunny sun summer blue bright tag sonne sommer jour soleil été sol verano sole estate verão день солнц* лет* 昼 太陽 夏 晴 白天 阳光 여름 نهار شمس صيف',
  },
  weather: {
    storm:
      'storm* thunder* lightning hurricane gewitter sturm orage tempête tempete tormenta tempesta tempestade шторм* гроз* 嵐 雷 暴风 폭풍 عاصفة',
    rain: 'rain* drizzle wet umbrella* regen pluie lluvia pioggia chuva дожд* 雨 비 مطر',
    snow: 'snow* winter* blizzard frost* frozen ice icy schnee winter eis neige hiver nieve invierno neve inverno снег* снеж* зим* 雪 冬 눈보라 겨울 ثلج شتاء',
    fog: 'fog* mist misty haze hazy smok* nebel brume brouillard niebla nebbia neblina туман* 霧 雾 안개 ضباب',
  },
  mood: {
    joyful:
      'joy* happy happi* celebrat* party danc* fun laugh* play* cheer* sunny birthday wedding freude fröhlich froh joie heureu* alegr* feliz gioia feli* радост* счаст* 嬉 楽 快乐 欢 행복 سعيد فرح',
    sad: 'sad* lonely alone melanchol* grief cry* tears farewell loss lost traurig einsam triste* tristesse soledad грус* одинок* 悲 寂 孤独 伤 슬픔 외로 حزين وحيد',
    tense:
      'tense dark danger* war battle horror scary chase* fight* threat* monster* dramatic angst krieg guerre guerra peur miedo paura война страх 戦 怖 战争 恐 전쟁 خوف حرب',
    wonder:
      'wonder* magic* myst* dream* fantas* epic ancient sacred ethereal aurora galax* magisch zauber* magique mágic* magic* волшеб* 魔法 神秘 夢 梦 마법 سحر',
    calm: 'calm* quiet* peace* gentle soft* silent seren* tranquil* still slow* ruhig* still* calme douce* tranquil* suave calma тих* спокой* 静 穏 宁静 평온 هادئ سلام',
  },
  pace: {
    fast: 'fast* quick* speed* race races racing racer* run running runs rush* chase* drive driving action energetic dynamic timelapse hyperlapse schnell* rapide* vite rápid* rapid* veloce быстр* 速 走 疾 빠른 سريع',
    slow: 'slow* calm* gentl* quiet* drift* float* serene peaceful still langsam* lent* lento* lenta despacio мед* 静 ゆっくり 穏 慢 천천히 بطيء هادئ',
  },
  move: {
    pull: 'zoom-out pull-back pulls reveal* wide',
    rise: 'rise* rising ascend* crane drone aerial above soar* lift*',
    left: 'left leftwards links gauche izquierda sinistra',
    right: 'right rightwards pan panning tracking rechts droite derecha destra',
    push: 'zoom* push* dolly toward* towards approach* close-up closer into',
  },
  subject: {
    lighthouse: 'lighthouse leuchtturm phare faro farol маяк 灯台 灯塔 등대 منارة',
    boat: 'boat* ship* sail* fisher* canoe kayak yacht boot schiff bateau barco barca лодк* корабл* 船 舟 배 قارب سفينة',
    birds:
      'bird* gull* seagull* eagle* crow* swallow* goose geese vogel vögel oiseau* pájaro* pajaro* uccell* pássaro* птиц* чайк* 鳥 鸟 새 طيور',
    house:
      'house* cabin* hut cottage* home village barn haus hütte hutte maison casa cabaña дом изб* 家 小屋 房子 집 بيت',
    tree: 'tree oak baum arbre árbol arbol albero árvore дерево 木 树 나무 شجرة',
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
  },
  monochrome: {
    yes: 'monochrome grayscale greyscale noir schwarzweiß schwarzweiss noir-et-blanc モノクロ 黑白 흑백',
  },
} as const

/** Lower case without the accents of Latin letters; other scripts keep their marks, which are letters there. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
}

const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

type Entry = { name: string; exact: Set<string>; stems: string[]; inside: string[] }

const groups = Object.fromEntries(
  Object.entries(lexicon).map(([group, entries]) => [
    group,
    Object.entries(entries).map(([name, words]): Entry => {
      const list = words.split(/\s+/).map(plain)
      return {
        name,
        exact: new Set(list.filter((w) => !w.endsWith('*') && !spaceless.test(w))),
        stems: list.filter((w) => w.endsWith('*') && !spaceless.test(w)).map((w) => w.slice(0, -1)),
        inside: list.filter((w) => spaceless.test(w)),
      }
    }),
  ]),
) as Record<keyof typeof lexicon, Entry[]>

/** What the words of a text say, group by group; a group that nothing was said about is absent. */
export function read(text: string): Partial<Record<keyof typeof lexicon, string>> {
  const flat = plain(text)
  const words = flat.match(/[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*/gu) ?? []
  const parts = words.flatMap((w) => (w.includes('-') ? [w, ...w.split('-')] : [w]))
  // Arabic writes its article onto the word.
  const bare = parts.map((w) => w.replace(/^(?:وال|بال|ال)(?=.{2})/u, ''))
  const says = (e: Entry) =>
    bare.some((w) => e.exact.has(w) || e.stems.some((stem) => w.startsWith(stem))) ||
    e.inside.some((w) => flat.includes(w))
  const found: Partial<Record<keyof typeof lexicon, string>> = {}
  for (const [group, entries] of Object.entries(groups)) {
    const hit = entries.find(says)
    if (hit) found[group as keyof typeof lexicon] = hit.name
  }
  return found
}
