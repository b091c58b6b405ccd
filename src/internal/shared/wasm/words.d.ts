// AssemblyScript's types, as TypeScript sees them in layout.ts.
type i32 = number;
type u32 = number;
type usize = number;
