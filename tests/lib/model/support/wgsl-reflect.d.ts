// The package's main entry does not load in Node; its module file, which does, comes without types of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export { WgslReflect } from 'wgsl_reflect';
}
