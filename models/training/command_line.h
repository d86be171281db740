// The command line that training programs share.
#pragma once

#include "models/training/training.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdio>
#include <exception>

namespace kerf::training {

/// Digits alone: to the library that reads options, -1 is the largest number that there is.
inline std::string whole_number(const std::string &text) {
  uint64_t value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size()
             ? ""
             : text + " is no whole number from 0 to 18446744073709551615";
}

/// "compiled for x86-64-v4 and x86-64-v3, of which x86-64-v4 runs on this machine".
inline std::string bodies_of(const kerf_entry &entry) {
  std::string text = "compiled for ";
  for (uint64_t i = 0; i < entry.num_bodies; ++i)
    text += (i ? " and " : "") + std::string(entry.bodies[i].target);
  const kerf_body *body = kerf_choose_body(&entry, KERF_CPU_ALL);
  return text + ", of which " + (body ? body->target : "none") + " runs on this machine";
}

/// Adds --output, --seed, --steps, --threads, --target, --version and --fresh. `options` has the
/// defaults; its steps are the whole schedule. `entry` is one of the model's.
inline void add_options(CLI::App &app, TrainingOptions &options, const kerf_entry &entry) {
  app.add_option("--output", options.output, "folder for what is written")->capture_default_str();
  app.add_option("--seed", options.seed, "of initialisation, codebook and data order")
      ->check(CLI::Validator(whole_number, "0 to 2^64 - 1"))
      ->capture_default_str();
  app.add_option("--steps", options.steps,
                 "stop earlier than the schedule, which is compiled in; a later run can go on")
      ->check(CLI::Range(int64_t{1}, options.steps))
      ->capture_default_str();
  app.add_option(
         "--threads", options.threads,
         "that share a step; by default all CPUs that the program may keep busy. Results do "
         "not depend on them")
      ->check(CLI::Range(int64_t{1}, int64_t{KERF_MAX_WORKERS}))
      ->capture_default_str();
  app.add_option_function<std::string>(
      "--target",
      [&](const std::string &target) {
        try {
          options.cpu_features = kerf::features_of(entry, target);
        } catch (const kerf::Error &error) {
          throw CLI::ValidationError("--target", error.what());
        }
      },
      "whose code runs, by default the best that the machine can. Results do not depend on it");
  app.set_version_flag("--version", bodies_of(entry));
  app.add_flag("--fresh", options.fresh, "begin anew even if there is a checkpoint");
}

/// The exit status of `run()`; what it throws becomes one line.
template <class Run> int guarded(const char *name, Run run) {
  try {
    return run();
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s: error: %s\n", name, error.what());
    return 1;
  }
}

} // namespace kerf::training
