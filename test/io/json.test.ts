import { describe, expect, it } from 'vitest';
import { repeatedKey } from '../../src/io/json.ts';

describe('repeatedKey', () => {
  it.each([
    ['{}', undefined],
    ['{"a":1,"b":1}', undefined],
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a" : 1,\n"a"\t:2}', 'a'],
    ['{"a":{"b":1},"c":{"b":2}}', undefined],
    ['{"a":{"b":1,"b":2}}', 'b'],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":["a","a"],"b":"a"}', undefined],
    ['{"a":"\\"a\\":1","b":"{\\"b\\":"}', undefined],
    ['{"\\\\":1,"\\\\":2}', '\\'],
    ['{"x\\"":1,"y":[{"y":1}],"x\\"":2}', 'x"'],
  ])('of %s is %s', (json, expected) => {
    JSON.parse(json);
    expect(repeatedKey(json)).toBe(expected);
  });
});
