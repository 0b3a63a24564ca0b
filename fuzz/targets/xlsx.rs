//! The parts of an Excel workbook in; `xl/workbook.xml` first.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: &str| {
    lotsen_fuzz::read_office("xl/workbook.xml", parts);
});
