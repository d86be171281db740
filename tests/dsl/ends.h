// What a program says when the language ends it.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace kerf {

/// What `run` writes to stderr, in a process of its own, which ends with exit code 1.
std::string said_at_the_end(auto run) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dup2(ends[1], 2);
    run();
    _exit(7);
  }
  close(ends[1]);
  std::string said(1000, '\0');
  said.resize(std::max<ssize_t>(0, read(ends[0], said.data(), said.size())));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 1);
  return said;
}

} // namespace kerf
