declare module 'libpg-query/wasm/libpg-query.js' {
  export interface Instance {
    _malloc(size: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(query: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_parse_plpgsql(query: number): number;
    _wasm_free_string(text: number): void;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, size: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i8' | 'i32'): number;
  }

  export interface FactoryOptions {
    print?(line: string): void;
    printErr?(line: string): void;
    instantiateWasm?(imports: WebAssembly.Imports, received: (instance: WebAssembly.Instance) => void): void;
  }

  export default function factory(options?: FactoryOptions): Promise<Instance>;
}
