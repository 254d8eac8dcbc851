/** The depth by WebGL2: two triangles, one look at a texture a pixel. */
import type { Level } from './mips';
import type { Film, Painter } from './painter';
import { place } from './painter';
import type { Palette } from './palette';
import type { View } from './view';

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(4.0 * corner - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D lots;
uniform sampler2D ramps;
uniform vec4 place; /* texel = place.xy + pixel * place.zw */
uniform vec2 size;
uniform vec2 range;
out vec4 colour;
void main() {
  vec2 at = place.xy + gl_FragCoord.xy * place.zw;
  if (at.x < 0.0 || at.y < 0.0 || at.x >= size.x || at.y >= size.y) discard;
  vec2 sides = texelFetch(lots, ivec2(at), 0).rg * 255.0;
  float most = max(sides.r, sides.g);
  colour = vec4(0.0); /* hides what an earlier, coarser film has there */
  if (most < 0.5) return;
  float share = clamp((most - range.x) / max(1.0, range.y - range.x), 0.0, 1.0);
  colour = texelFetch(ramps, ivec2(1.5 + 254.0 * share, sides.g > sides.r ? 1 : 0), 0);
}`;

function shader(gl: WebGL2RenderingContext, kind: number, text: string): WebGLShader {
  const made = gl.createShader(kind);
  if (made === null) throw new Error('no shader');
  gl.shaderSource(made, text);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made) ?? 'shader');
  return made;
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, shader(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'link');
  return program;
}

class WebGlPainter implements Painter {
  readonly kind = 'WebGL2';
  private textures = new Map<Level, WebGLTexture>();
  private program!: WebGLProgram;
  private ramps!: WebGLTexture;
  private painted: Palette | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.begin();
  }

  /** Also after the context was lost and has come back. */
  begin(): void {
    this.program = linked(this.gl);
    this.ramps = this.texture();
    this.textures.clear();
    this.painted = null;
  }

  private texture(): WebGLTexture {
    const { gl } = this;
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return made;
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
  }

  private upload(level: Level): WebGLTexture {
    const { gl } = this;
    const { width, height, bytes } = level;
    let texture = this.textures.get(level);
    gl.activeTexture(gl.TEXTURE0);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    if (texture === undefined) {
      texture = this.texture();
      this.textures.set(level, texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RG8, width, height);
      level.changed = { from: 0, to: width };
    }
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const { from, to } = level.changed;
    if (from < to) {
      gl.pixelStorei(gl.UNPACK_ROW_LENGTH, width);
      gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, from);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, from, 0, Math.min(to, width) - from, height, gl.RG, gl.UNSIGNED_BYTE, bytes);
      gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
      gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, 0);
      level.changed = { from: 0, to: 0 };
    }
    return texture;
  }

  private forget(films: readonly Film[]): void {
    for (const [level, texture] of this.textures)
      if (!films.some((film) => film.mips.has(level))) {
        this.gl.deleteTexture(texture);
        this.textures.delete(level);
      }
  }

  draw(films: readonly Film[], view: View, palette: Palette): void {
    const { gl, canvas } = this;
    if (gl.isContextLost()) return;
    this.forget(films);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.program);
    const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.program, name);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.ramps);
    if (this.painted !== palette) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette.ramps);
      this.painted = palette;
    }
    gl.uniform1i(uniform('lots'), 0);
    gl.uniform1i(uniform('ramps'), 1);
    for (const film of films) {
      const at = place(film, view, canvas.width, canvas.height);
      if (at === null) continue;
      this.upload(at.level);
      gl.uniform4f(uniform('place'), at.x, at.y, at.xStep, at.yStep);
      gl.uniform2f(uniform('size'), at.width, at.level.height);
      gl.uniform2f(uniform('range'), at.range.low, at.range.high);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
  }

  close(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/** null: this browser has no WebGL2. */
export function webGlPainter(canvas: HTMLCanvasElement, redraw: () => void): Painter | null {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false, alpha: true });
  if (gl === null) return null;
  const painter = new WebGlPainter(canvas, gl);
  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => {
    painter.begin();
    redraw();
  });
  return painter;
}
