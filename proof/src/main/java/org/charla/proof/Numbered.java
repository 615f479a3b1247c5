package org.charla.proof;

import java.util.Arrays;

/** Gives each 64-bit key a number, from 0 on: millions of them without an object each. */
final class Numbered {

    private static final int SMALLEST = 1 << 10;

    private long[] keys = new long[SMALLEST];
    /** The number and one; 0 is a free place. */
    private int[] numbers = new int[SMALLEST];
    private int size;

    /** The key's number: a new one, which is {@link #size} of before, where it has none. */
    int add(long key) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int place = place(key);
        if (numbers[place] == 0) {
            keys[place] = key;
            numbers[place] = ++size;
        }
        return numbers[place] - 1;
    }

    /** The key's number, or -1. */
    int find(long key) {
        return numbers[place(key)] - 1;
    }

    int size() {
        return size;
    }

    private int place(long key) {
        long mixed = key * 0x9e3779b97f4a7c15L;
        int place = (int) (mixed >>> 32) & keys.length - 1;
        while (numbers[place] != 0 && keys[place] != key) {
            place = place + 1 & keys.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[2 * oldKeys.length];
        numbers = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldNumbers[i] != 0) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                numbers[place] = oldNumbers[i];
            }
        }
    }

    /** An array that has a place for this number. */
    static long[] room(long[] array, int number) {
        return number < array.length ? array : Arrays.copyOf(array, Math.max(2 * array.length, number + 1));
    }

    static int[] room(int[] array, int number) {
        return number < array.length ? array : Arrays.copyOf(array, Math.max(2 * array.length, number + 1));
    }
}
