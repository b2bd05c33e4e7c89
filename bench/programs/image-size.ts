/** Prints the bytes of an image: `node bench/programs/image-size.ts podman fairframe:test`. For test/slow/image.sh. */
import { imageBytes } from '../image.ts'

const [engine, image] = process.argv.slice(2)
if ((engine !== 'docker' && engine !== 'podman') || !image) throw new Error('Name the engine and the image.')
process.stdout.write(`${await imageBytes(engine, image)}\n`)
