//! The program: parse, run, print, exit.

use std::process::ExitCode;

use clap::Parser;
use prism::cli::{self, Args};

fn main() -> ExitCode {
    let args = Args::parse();
    cli::init_log(&args);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return cli::no_runtime(&error),
    };
    let code = match runtime.block_on(cli::run(args)) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.print(),
    };
    // A page that is still being read must not hold up a run that has ended.
    runtime.shutdown_background();
    code
}
