#include "bqconn/core/secret.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <utility>

namespace bqconn {
namespace {

TEST(Secret, PrintsRedacted) {
    std::ostringstream out;
    out << Secret("hush");
    EXPECT_EQ(out.str(), "[redacted]");
}

TEST(Secret, KeepsItsValueThroughCopyAndMove) {
    Secret first("a value that is too long for the small-string buffer");
    const Secret copy = first;
    const Secret moved = std::move(first);
    EXPECT_EQ(copy.reveal(), moved.reveal());
    EXPECT_EQ(moved.size(), 52U);
}

TEST(Secret, MovedFromHoldsNothingEvenWhenShort) {
    Secret first("short");
    const char* const bytes = first.reveal().data();
    const Secret second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the test's purpose
    EXPECT_EQ(std::string(bytes, 5), std::string(5, '\0'));
    EXPECT_EQ(second.reveal(), "short");
}

TEST(Secret, WhatIsReplacedIsWiped) {
    Secret value("a value that is too long for the small-string buffer");
    const char* const bytes = value.reveal().data();
    const std::size_t size = value.size();
    const Secret shorter("short");
    value = shorter;
    ASSERT_EQ(value.reveal().data(), bytes) << "the memory is reused";
    const std::size_t after = shorter.size() + 1;
    EXPECT_EQ(std::string(bytes + after, size - after), std::string(size - after, '\0'));
}

TEST(Secret, WhatIsDestroyedIsWiped) {
    alignas(Secret) std::array<char, sizeof(Secret)> memory{};
    Secret* const value = new (memory.data()) Secret("short-one");
    const auto at = value->reveal().data() - memory.data();
    ASSERT_LT(static_cast<std::size_t>(at), memory.size()) << "it is stored in the object itself";
    value->~Secret();
    EXPECT_EQ(std::string(memory.data() + at, 9), std::string(9, '\0'));
}

TEST(Secret, AssignmentReplaces) {
    Secret value("old");
    value = Secret("new");
    EXPECT_EQ(value.reveal(), "new");
    const Secret other("third");
    value = other;
    EXPECT_EQ(value.reveal(), "third");
}

}  // namespace
}  // namespace bqconn
