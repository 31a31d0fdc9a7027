// bqconn completion: prints the completion script of a shell.
#pragma once

#include <array>
#include <string_view>

#include "bqconn/commands/context.hpp"
#include "bqconn/commands/task.hpp"

namespace bqconn::commands {

inline constexpr auto shells = std::to_array<std::string_view>({"bash", "zsh", "fish"});

// Throws Error (usage) for any other shell.
void completion(Context& context, const Task& task);

}  // namespace bqconn::commands
