//! The stack of wasm, which is memory like any other: what a function that came back
//! had on it stays there until another one overwrites it. Numbers of a key are among
//! that, and whoever wipes only what it gives back never reaches them.

/// So much is overwritten below the caller: more than any task's deepest call has, and
/// half of the stack that the linker gives.
const ROOM: usize = 512 * 1024;

/// Does something, and if that says so, overwrites what it left on the stack. Both begin
/// at the same place: below the frame of who did it nothing of its own would be reached.
pub fn wipe_after(act: impl FnOnce() -> bool) {
    if apart(act) {
        wipe();
    }
}

/// In a frame of its own.
#[inline(never)]
fn apart<T>(act: impl FnOnce() -> T) -> T {
    act()
}

/// Overwrites what earlier calls left on the stack below this one.
#[inline(never)]
pub fn wipe() {
    #[expect(clippy::large_stack_arrays, reason = "it is there to fill the stack")]
    let room = [0_u8; ROOM];
    // Who looks at it must find it written.
    std::hint::black_box(&room);
}
