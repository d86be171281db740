"""Programs of n ops, one family per way in which models grow: `program(family, n)` is the text of a module."""

HEADER = 'module attributes {{kerf.model = "growth"}} {{\nfunc.func @f({arguments}) -> ({results}) attributes {{kerf.entry}} {{\n'
VECTOR = "tensor<64xf32>"


def module(arguments, results, lines):
    """An entry with these (name, type, role) arguments and (value, type, name, role) results."""
    def named(name, role):
        return f'{{kerf.name = "{name}"' + (f', kerf.role = "{role}"}}' if role else "}")
    takes = ", ".join(f"%{name}: {kind} {named(name, role)}" for name, kind, role in arguments)
    gives = ", ".join(f"{kind} {named(name, role)}" for _, kind, name, role in results)
    end = f"  return {', '.join(value for value, *_ in results)} : {', '.join(kind for _, kind, *_ in results)}"
    return "\n".join([HEADER.format(arguments=takes, results=gives).rstrip("\n"), *lines, end, "}", "}", ""])


def one_vector(lines, last):
    return module([("x", VECTOR, "")], [(last, VECTOR, "y", "")], lines)


def elementwise_chain(n):
    lines = [f"  %c = arith.constant dense<1.0009765625> : {VECTOR}"]
    for i in range(n):
        lines.append(f"  %v{i} = kerf.{('add', 'mul')[i % 2]} {f'%v{i - 1}' if i else '%x'}, %c : {VECTOR}")
    return one_vector(lines, f"%v{n - 1}")


def residual_chain(n):
    """Every value is read twice: x + |x|."""
    lines = []
    for i in range(n // 2):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %t{i} = kerf.abs {x} : {VECTOR}", f"  %v{i} = kerf.add {x}, %t{i} : {VECTOR}"]
    return one_vector(lines, f"%v{n // 2 - 1}")


def skip_connections(n):
    """Every value is read by the next op and by the seventh from there."""
    def value(i):
        return f"%v{i}" if i >= 0 else "%x"
    lines = [f"  {value(i)} = kerf.{('add', 'mul')[i % 2]} {value(i - 1)}, {value(i - 7)} : {VECTOR}" for i in range(n)]
    return one_vector(lines, value(n - 1))


def early_values_read_late(n):
    """The i-th op of the second half reads the i-th of the first from behind."""
    half = n // 2
    lines = [f"  %v{i} = kerf.abs {f'%v{i - 1}' if i else '%x'} : {VECTOR}" for i in range(half)]
    for i in range(half):
        lines.append(f"  %w{i} = kerf.add {f'%w{i - 1}' if i else '%x'}, %v{half - 1 - i} : {VECTOR}")
    return one_vector(lines, f"%w{half - 1}")


def one_value_read_by_all(n):
    third = n // 3
    lines = [f"  %e = kerf.add %x, %x : {VECTOR}"]
    for i in range(third):
        lines += [f"  %c{i} = arith.constant dense<{i}.5> : {VECTOR}", f"  %m{i} = kerf.mul %e, %c{i} : {VECTOR}",
                  f"  %t{i} = kerf.abs %m{i} : {VECTOR}", f"  %v{i} = kerf.add %t{i}, {f'%v{i - 1}' if i else '%e'} : {VECTOR}"]
    return one_vector(lines, f"%v{third - 1}")


def concat_of_slices(n):
    whole = f"tensor<{n}x8xf32>"
    lines = [f"  %v{i} = kerf.slice %x, offsets = [{n - 1 - i}, 0], limits = [{n - i}, 8], strides = [1, 1] : {whole} -> tensor<1x8xf32>"
             for i in range(n)]
    parts = ", ".join(f"%v{i}" for i in range(n))
    lines.append(f"  %y = kerf.concat({parts}), axis = 0 : ({', '.join(['tensor<1x8xf32>'] * n)}) -> {whole}")
    return module([("x", whole, "")], [("%y", whole, "y", "")], lines)


def concats_one_by_one(n):
    """A tensor that grows by a row at a time."""
    lines = ["  %r = kerf.slice %x, offsets = [0, 0], limits = [1, 8], strides = [1, 1] : tensor<1x8xf32> -> tensor<1x8xf32>",
             "  %v0 = kerf.abs %r : tensor<1x8xf32>"]
    for i in range(1, n):
        lines.append(f"  %v{i} = kerf.concat(%v{i - 1}, %x), axis = 0 : (tensor<{i}x8xf32>, tensor<1x8xf32>) -> tensor<{i + 1}x8xf32>")
    return module([("x", "tensor<1x8xf32>", "")], [(f"%v{n - 1}", f"tensor<{n}x8xf32>", "y", "")], lines)


def matmul_chain(n):
    kind = "tensor<8x8xf32>"
    lines = []
    for i in range(n // 2):
        a = f"%v{i - 1}" if i else "%x"
        lines += [f"  %m{i} = kerf.contract {a}, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : {kind}, {kind} -> {kind}",
                  f"  %v{i} = kerf.abs %m{i} : {kind}"]
    return module([("x", kind, ""), ("w", kind, "")], [(f"%v{n // 2 - 1}", kind, "y", "")], lines)


def normalised_chain(n):
    """Reductions and broadcasts: x / sum(x)."""
    kind = "tensor<8x16xf32>"
    lines = []
    for i in range(n // 3):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %s{i} = kerf.sum {x}, axes = [1] : {kind} -> tensor<8xf32>",
                  f"  %b{i} = kerf.broadcast %s{i}, dims = [0] : tensor<8xf32> -> {kind}",
                  f"  %v{i} = kerf.div {x}, %b{i} : {kind}"]
    return module([("x", kind, "")], [(f"%v{n // 3 - 1}", kind, "y", "")], lines)


def transformer(n):
    """Layers x + f(norm(x)), f being a matmul, an activation and a second matmul."""
    kind = "tensor<8x16xf32>"
    contract = "a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]"
    lines = [f"  %n = arith.constant dense<16.0> : {kind}", f"  %e = arith.constant dense<0.0009765625> : {kind}"]
    for i in range(n // 15):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %s{i} = kerf.sum {x}, axes = [1] : {kind} -> tensor<8xf32>",
                  f"  %m{i} = kerf.broadcast %s{i}, dims = [0] : tensor<8xf32> -> {kind}",
                  f"  %a{i} = kerf.div %m{i}, %n : {kind}", f"  %c{i} = kerf.sub {x}, %a{i} : {kind}",
                  f"  %q{i} = kerf.mul %c{i}, %c{i} : {kind}",
                  f"  %z{i} = kerf.sum %q{i}, axes = [1] : {kind} -> tensor<8xf32>",
                  f"  %w{i} = kerf.broadcast %z{i}, dims = [0] : tensor<8xf32> -> {kind}",
                  f"  %d{i} = kerf.div %w{i}, %n : {kind}", f"  %f{i} = kerf.add %d{i}, %e : {kind}",
                  f"  %r{i} = kerf.rsqrt %f{i} : {kind}", f"  %g{i} = kerf.mul %c{i}, %r{i} : {kind}",
                  f"  %h{i} = kerf.contract %g{i}, %u, {contract} : {kind}, tensor<16x16xf32> -> {kind}",
                  f"  %k{i} = kerf.tanh %h{i} : {kind}",
                  f"  %l{i} = kerf.contract %k{i}, %u, {contract} : {kind}, tensor<16x16xf32> -> {kind}",
                  f"  %v{i} = kerf.add {x}, %l{i} : {kind}"]
    return module([("x", kind, ""), ("u", "tensor<16x16xf32>", "")], [(f"%v{n // 15 - 1}", kind, "y", "")], lines)


def moved_chain(n):
    """Transposes, pads, slices and reshapes between elementwise ops."""
    lines = []
    for i in range(n // 5):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %a{i} = kerf.transpose {x}, permutation = [1, 0] : tensor<8x6xf32> -> tensor<6x8xf32>",
                  f"  %b{i} = kerf.abs %a{i} : tensor<6x8xf32>",
                  f"  %c{i} = kerf.pad %b{i}, low = [1, 0], high = [1, 0], interior = [0, 0] : tensor<6x8xf32> -> tensor<8x8xf32>",
                  f"  %d{i} = kerf.exp %c{i} : tensor<8x8xf32>",
                  f"  %v{i} = kerf.slice %d{i}, offsets = [0, 1], limits = [8, 7], strides = [1, 1] : tensor<8x8xf32> -> tensor<8x6xf32>"]
    return module([("x", "tensor<8x6xf32>", "")], [(f"%v{n // 5 - 1}", "tensor<8x6xf32>", "y", "")], lines)


def states(n, lines_of, step=1):
    """n / step leaves of a role, each with the ops of `lines_of`."""
    count = n // step
    arguments = [("x", VECTOR, "")] + [(f"p{i}", VECTOR, "params") for i in range(count)]
    results = [(f"%q{i}", VECTOR, f"p{i}", "params") for i in range(count)]
    return module(arguments, results, [line for i in range(count) for line in lines_of(i, count)])


def updated_leaves(n):
    """A sweep of an optimizer over n leaves."""
    return states(n, lambda i, count: [f"  %t{i} = kerf.abs %p{i} : {VECTOR}", f"  %m{i} = kerf.mul %t{i}, %x : {VECTOR}",
                                       f"  %q{i} = kerf.sub %p{i}, %m{i} : {VECTOR}"], 3)


def rotated_leaves(n):
    """Every leaf becomes its neighbour's old value."""
    return states(n, lambda i, count: [f"  %q{i} = kerf.add %p{(i + 1) % count}, %x : {VECTOR}"])


def many_results(n):
    """A call takes 256 arguments and results at most, a tree any number of leaves."""
    lines = [f"  %v{i} = kerf.abs {f'%v{i - 1}' if i else '%x'} : {VECTOR}" for i in range(n)]
    return module([("x", VECTOR, "")], [(f"%v{i}", VECTOR, f"y{i}", "out") for i in range(n)], lines)


def gradient_of_chain(n):
    lines = [f"  %loss, %dx = kerf.value_and_grad params(%a = %x : {VECTOR}) {{"]
    for i in range(n):
        op, x = ("abs", "exp", "neg")[i % 3] if i < 30 else ("abs", "neg")[i % 2], f"%v{i - 1}" if i else "%a"
        lines.append(f"    %v{i} = kerf.{op} {x} : {VECTOR}")
    lines += [f"    %l = kerf.sum %v{n - 1}, axes = [0] : {VECTOR} -> tensor<f32>", "    kerf.yield %l : tensor<f32>", "  }"]
    return one_vector(lines, "%dx")


def loops(n):
    lines = []
    for i in range(n // 3):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %v{i} = kerf.scan count = 3 index %i{i} carried(%c{i} = {x} : {VECTOR}) captures() {{",
                  f"    %t{i} = kerf.abs %c{i} : {VECTOR}", f"    kerf.yield %t{i} : {VECTOR}", "  }"]
    return one_vector(lines, f"%v{n // 3 - 1}")


def lookups(n):
    """Gathers from one table, and what is added back to its rows."""
    table, rows = "tensor<16x8xf32>", "tensor<4x8xf32>"
    lines = []
    for i in range(n // 3):
        x = f"%v{i - 1}" if i else "%x"
        lines += [f"  %g{i} = kerf.gather {x}, %i : {table}, tensor<4xi64> -> {rows}",
                  f"  %s{i} = kerf.scatter_add %g{i}, %i, rows = 16 : {rows}, tensor<4xi64> -> {table}",
                  f"  %v{i} = kerf.add {x}, %s{i} : {table}"]
    return module([("x", table, ""), ("i", "tensor<4xi64>", "")], [(f"%v{n // 3 - 1}", table, "y", "")], lines)


def draws(n):
    key = "tensor<2xi32>"
    lines = [f"  %zero = arith.constant dense<0> : tensor<i64>"]
    for i in range(n // 3):
        lines += [f"  %n{i} = arith.constant dense<{i}> : tensor<i64>", f"  %k{i} = kerf.fold_key %key, %n{i}",
                  f"  %u{i} = kerf.uniform %k{i}, %zero : {VECTOR}", f"  %v{i} = kerf.add {f'%v{i - 1}' if i else '%x'}, %u{i} : {VECTOR}"]
    return module([("x", VECTOR, ""), ("key", key, "")], [(f"%v{n // 3 - 1}", VECTOR, "y", "")], lines)


def choices(n):
    lines = [f"  %s = kerf.neg %x : {VECTOR}"]
    for i in range(n // 2):
        x = f"%v{i - 1}" if i else "%s"
        lines += [f'  %p{i} = kerf.compare {x}, %x, predicate = "lt" : {VECTOR} -> tensor<64xi1>',
                  f"  %v{i} = kerf.select %p{i}, %x, {x} : tensor<64xi1>, {VECTOR}"]
    return one_vector(lines, f"%v{n // 2 - 1}")


def slices_of_one(n):
    """One argument, read part by part."""
    whole, row = f"tensor<{n}x8xf32>", "tensor<1x8xf32>"
    lines = []
    for i in range(n // 2):
        lines += [f"  %s{i} = kerf.slice %x, offsets = [{i}, 0], limits = [{i + 1}, 8], strides = [1, 1] : {whole} -> {row}",
                  f"  %v{i} = kerf.maximum %s{i}, {f'%v{i - 1}' if i else '%y'} : {row}"]
    return module([("x", whole, ""), ("y", row, "")], [(f"%v{n // 2 - 1}", row, "z", "")], lines)


def rows_replaced(n):
    """A tensor whose rows are replaced one after the other."""
    whole, row = "tensor<9x8xf32>", "tensor<1x8xf32>"
    lines = []
    for i in range(n // 4):
        x, at = f"%v{i - 1}" if i else "%x", 1 + i % 7
        lines += [f"  %a{i} = kerf.slice {x}, offsets = [0, 0], limits = [{at}, 8], strides = [1, 1] : {whole} -> tensor<{at}x8xf32>",
                  f"  %b{i} = kerf.slice {x}, offsets = [{at + 1}, 0], limits = [9, 8], strides = [1, 1] : {whole} -> tensor<{8 - at}x8xf32>",
                  f"  %r{i} = kerf.sum {x}, axes = [0] : {whole} -> tensor<8xf32>",
                  f"  %t{i} = kerf.reshape %r{i} : tensor<8xf32> -> {row}",
                  f"  %v{i} = kerf.concat(%a{i}, %t{i}, %b{i}), axis = 0 : (tensor<{at}x8xf32>, {row}, tensor<{8 - at}x8xf32>) -> {whole}"]
    return module([("x", whole, "")], [(f"%v{n // 4 - 1}", whole, "y", "")], lines)


def one_value_many_results(n):
    lines = [f"  %v = kerf.exp %x : {VECTOR}"]
    return module([("x", VECTOR, "")], [("%v", VECTOR, f"y{i}", "out") for i in range(n)], lines)


def carried_together(n):
    """One loop that carries many values; each is read by the next one's."""
    count = n // 4
    arguments = [("x", VECTOR, "")] + [(f"p{i}", VECTOR, "params") for i in range(count)]
    carried = ", ".join(f"%c{i} = %p{i} : {VECTOR}" for i in range(count))
    captures = ", ".join(f"%k{i} = %p{i} : {VECTOR}" for i in range(count))
    lines = [f"  %r:{count} = kerf.scan count = 3 index %i carried({carried}) captures({captures}) {{"]
    for i in range(count):
        lines += [f"    %t{i} = kerf.sum %c{(i + 1) % count}, axes = [0] : {VECTOR} -> tensor<f32>",
                  f"    %b{i} = kerf.broadcast %t{i}, dims = [] : tensor<f32> -> {VECTOR}",
                  f"    %d{i} = kerf.add %k{i}, %b{i} : {VECTOR}"]
    lines += [f"    kerf.yield {', '.join(f'%d{i}' for i in range(count))} : {', '.join([VECTOR] * count)}", "  }"]
    return module(arguments, [(f"%r#{i}", VECTOR, f"p{i}", "params") for i in range(count)], lines)


def constants(n):
    lines = []
    for i in range(n // 2):
        lines += [f"  %c{i} = arith.constant dense<[{i}.0, 0.5]> : tensor<2xf32>",
                  f"  %v{i} = kerf.maximum %c{i}, {f'%v{i - 1}' if i else '%x'} : tensor<2xf32>"]
    return module([("x", "tensor<2xf32>", "")], [(f"%v{n // 2 - 1}", "tensor<2xf32>", "y", "")], lines)


FAMILIES = [elementwise_chain, residual_chain, skip_connections, transformer, early_values_read_late, one_value_read_by_all, matmul_chain,
            normalised_chain, moved_chain, gradient_of_chain, loops, lookups, draws, choices, concat_of_slices, concats_one_by_one,
            updated_leaves, rotated_leaves, many_results, slices_of_one, rows_replaced, one_value_many_results, carried_together, constants]
# In these the oracle is counted as well: it runs an op after the other, whatever they are.
ORACLE = [elementwise_chain, gradient_of_chain, loops, lookups, many_results, carried_together]
